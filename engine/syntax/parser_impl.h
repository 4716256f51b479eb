// The parser's state and its functions, one a grammar production; their definitions
// are split by construct: parse_decl, parse_type, parse_expr, parse_stmt. Private to
// the room.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/syntax/parser.h"
#include "engine/syntax/scanner.h"

namespace escapement::syntax {

// Nesting of expressions, types, blocks and literals, and the length of chains like
// a.b.c or a + b + c, added up. Deeper trees are refused, so that every later pass may
// recurse over one. Model: gc has no such limit of its own.
inline constexpr int kMaxNesting = 1000;

class Parser final : private ScanListener {
 public:
  Parser(const ParseContext& context, diag::FileId file, const ParseOptions& options);
  // Starts at a lazily skipped body.
  Parser(const ParseContext& context, const FuncDecl* func, const ParseOptions& options);

  File* ParseFile();
  BlockStmt* FuncBody();
  Expr* ParseWholeExpr();

 private:
  // ---- Tokens and lists (parser.cpp) ----
  Token tok() const { return scan_.tok; }
  bool Is(Token t) const { return scan_.tok == t; }
  bool IsOperator(Operator op) const { return scan_.tok == Token::kOperator && scan_.op == op; }
  void Next() { scan_.Next(); }
  bool Got(Token t) {
    if (scan_.tok != t) return false;
    Next();
    return true;
  }
  void Want(Token t);
  bool GotAssign();
  Pos PosAt(uint32_t line, uint32_t col) const;
  Pos CurrentPos() const { return PosAt(scan_.line, scan_.col); }
  template <typename T>
  T* New(Pos pos) {
    return NewNode<T>(ctx_.arena, pos);
  }
  template <typename T>
  T* New() {
    return New<T>(CurrentPos());
  }
  BadExpr* NewBadExpr() { return New<BadExpr>(); }
  Name* NewName(Pos pos, std::string_view text);

  // Collects the elements of a list on the parser's stack, then copies them to the
  // arena. Builders nest like the productions that own them.
  template <typename T>
  class List {
   public:
    explicit List(Parser& parser) : parser_(parser), mark_(parser.stack_.size()) {}
    ~List() { parser_.stack_.resize(mark_); }
    List(const List&) = delete;
    List& operator=(const List&) = delete;
    void Add(T* node) { parser_.stack_.push_back(node); }
    size_t size() const { return parser_.stack_.size() - mark_; }
    T* operator[](size_t i) const { return static_cast<T*>(parser_.stack_[mark_ + i]); }
    std::span<T*> Take() {
      size_t n = size();
      if (n == 0) return {};
      T** data = static_cast<T**>(parser_.ctx_.arena.Allocate(n * sizeof(T*), alignof(T*)));
      for (size_t i = 0; i < n; ++i) data[i] = (*this)[i];
      return {data, n};
    }

   private:
    Parser& parser_;
    size_t mark_;
  };

  // One level of nesting for as long as it lives.
  class Nest {
   public:
    explicit Nest(Parser& parser) : parser_(parser) {
      if (++parser_.depth_ > kMaxNesting) parser_.TooDeep();
    }
    ~Nest() { --parser_.depth_; }
    Nest(const Nest&) = delete;
    Nest& operator=(const Nest&) = delete;

   private:
    Parser& parser_;
  };
  void TooDeep();
  // One more link of a chain of `length` links.
  void CountLink(int length) {
    if (depth_ + length > kMaxNesting) TooDeep();
  }

  // Elements separated by `separator` up to `close`; element() returns true to end the
  // list early. Returns the place of the closing token.
  template <typename F>
  Pos ParseList(std::string_view context, Token separator, Token close, F element);

  // ---- Errors (parser.cpp) ----
  void OnLexicalError(uint32_t line, uint32_t col, std::string message) override;
  void ErrorAt(Pos pos, std::string message);
  void Error(std::string message) { ErrorAt(CurrentPos(), std::move(message)); }
  void SyntaxErrorAt(Pos pos, std::string message);
  void SyntaxError(std::string message) { SyntaxErrorAt(CurrentPos(), std::move(message)); }
  // Skips to a token of `follow` (or, inside functions, to one that starts a
  // statement). Without follow, skips one token.
  void Advance(std::initializer_list<Token> follow);

  // ---- Directives (pragma.cpp) ----
  void OnDirective(uint32_t line, uint32_t col, std::string_view comment) override;
  void LineDirective(Pos effective, uint32_t line, uint32_t col, std::string_view text);
  void GoDirective(Pos pos, std::string_view text);
  void LinknameDirective(Pos pos, std::string_view text);
  void EmbedDirectiveLine(Pos pos, std::string_view arguments);
  Pragma* TakePragma();
  // At the end of a form that takes no pragma: complains about pending ones.
  void ClearPragma() {
    if (has_pragma_) ReportMisplacedPragma();
  }
  // Complaints about directives are no syntax errors: parsing goes on as if there were none.
  void DirectiveError(Pos pos, std::string message) { ctx_.errors.Error(pos, std::move(message)); }
  void ReportMisplacedPragma();

  // ---- Declarations (parse_decl.cpp) ----
  using SpecParser = Decl* (Parser::*)(Group*);
  void AppendGroup(List<Decl>& list, SpecParser spec);
  Decl* ImportSpec(Group* group);
  Decl* ConstSpec(Group* group);
  Decl* TypeSpec(Group* group);
  Decl* VarSpec(Group* group);
  FuncDecl* FuncDeclOrNil();
  void LazyBody(FuncDecl* func);
  std::span<Name*> NameList(Name* first);

  // ---- Types (parse_type.cpp) ----
  struct Params {
    Name* name = nullptr;  // an already parsed first name
    Expr* type = nullptr;  // and its type
    Token close = Token::kRparen;
    bool require_names = false;  // a type parameter list
    bool dots_ok = false;
  };
  struct Signature {
    std::span<Field*> tparams;
    FuncType* type;
  };
  Expr* Type();
  Expr* TypeOrNil();
  Expr* TypeInstance(Expr* generic);
  Signature FunctionType(std::string_view context);
  Expr* ArrayTypeAfterBracket(Pos pos, Expr* len);
  Expr* SliceTypeAfterBrackets(Pos pos);
  Expr* ChanElem();
  Expr* StructTypeLit();
  BasicLit* FieldDecl(List<Field>& fields);
  Expr* ArrayOrTypeArgs();
  Expr* InterfaceTypeLit();
  Field* MethodDecl();
  Field* EmbeddedElem(Field* field);
  Expr* EmbeddedTerm();
  std::span<Field*> FuncResult();
  Field* ParamDeclOrNil(Name* name, Token follow);
  std::span<Field*> ParamList(Params params);
  void DistributeTypes(std::span<Field*> list, size_t named, size_t typed, bool require_names, Pos end);
  Expr* QualifiedName(Name* name);
  Expr* Indirect(Pos pos, Expr* type);

  // ---- Expressions (parse_expr.cpp) ----
  Expr* ParseExpr() { return BinaryExpr(nullptr, 0); }
  Expr* BinaryExpr(Expr* x, int prec);
  Expr* UnaryExpr();
  Expr* ArrowExpr();
  Expr* Operand(bool keep_parens);
  Expr* PrimaryExpr(Expr* x, bool keep_parens);
  Expr* SelectorOrAssert(Expr* x, Pos pos);
  Expr* IndexOrSlice(Expr* x, Pos pos);
  bool MayBeLiteralType(Expr* type) const;
  Expr* BareCompositeLit();
  CompositeLit* CompositeLitBody();
  std::span<Expr*> ArgList(bool* has_dots);
  Expr* ExprList();
  Expr* TypeList(bool strict, bool* comma);
  BasicLit* LiteralOrNil();
  Name* ParseName();

  // ---- Statements (parse_stmt.cpp) ----
  struct Header {
    Stmt* init = nullptr;
    Expr* cond = nullptr;
    Stmt* post = nullptr;
  };
  Stmt* StmtOrNil();
  std::span<Stmt*> StmtList();
  BlockStmt* Block(std::string_view context);
  Stmt* ParseSimpleStmt(Expr* lhs, Token keyword);
  Stmt* Assignment(Expr* lhs, Token keyword);
  RangeClause* NewRangeClause(Expr* lhs, bool def);
  AssignStmt* NewAssign(Pos pos, Operator op, Expr* lhs, Expr* rhs);
  Stmt* LabeledStmtOrNil(Name* label);
  Stmt* DeclStatement(SpecParser spec);
  Stmt* ForStatement();
  IfStmt* IfStatement();
  Stmt* SwitchStatement();
  Stmt* SelectStatement();
  Stmt* GoOrDefer();
  Stmt* BranchStatement();
  Header ParseHeader(Token keyword);
  Expr* HeaderCondition(Token keyword, Stmt* cond, Pos semi_pos, std::string_view semi_text);
  CaseClause* ParseCaseClause();
  CommClause* ParseCommClause();

  const ParseContext& ctx_;
  diag::FileId file_;
  ParseOptions options_;
  std::vector<void*> stack_;  // of List
  int errors_ = 0;
  bool top_ = true;  // before the package clause
  int fnest_ = 0;    // function nesting
  int xnest_ = 0;    // expression nesting; negative in statement headers
  int depth_ = 0;    // of Nest
  bool has_pragma_ = false;
  uint32_t pragma_flags_ = 0;
  std::vector<PragmaPos> pragma_positions_;
  std::vector<EmbedDirective> pragma_embeds_;
  std::vector<Linkname> linknames_;
  std::string go_version_;
  uint32_t groups_ = 0;
  Scanner scan_;  // last: it reports to the members above from its constructor on
};

// The word for a token in messages.
std::string TokenWord(Token token);

// gc's checks of labels, break, continue, goto and fallthrough in a function body;
// fills BranchStmt::target.
void CheckBranches(BlockStmt* body, const diag::FileSet& files, diag::Emitter& errors);

template <typename F>
Pos Parser::ParseList(std::string_view context, Token separator, Token close, F element) {
  bool done = false;
  while (!Is(Token::kEOF) && !Is(close) && !done) {
    done = element();
    if (!Got(separator) && !Is(close)) {
      SyntaxError("in " + std::string(context) + "; possibly missing " + TokenWord(separator) + " or " +
                  TokenWord(close));
      Advance({Token::kRparen, Token::kRbrack, Token::kRbrace});
      if (!Is(close)) return CurrentPos();
    }
  }
  Pos pos = CurrentPos();
  Want(close);
  return pos;
}

// Whether x can only be an element of a constraint, never a value.
bool IsTypeElem(const Expr* x);

}  // namespace escapement::syntax
