// Tokens, errors and files. The grammar is in parse_decl, parse_type, parse_expr and
// parse_stmt.
#include "engine/syntax/parser.h"

#include <algorithm>

#include "engine/syntax/parser_impl.h"

namespace escapement::syntax {

namespace {

constexpr uint64_t Bit(Token t) {
  return uint64_t{1} << static_cast<int>(t);
}

// Keywords that start a statement: good places to go on after an error.
constexpr uint64_t kStatementStarts =
    Bit(Token::kBreak) | Bit(Token::kConst) | Bit(Token::kContinue) | Bit(Token::kDefer) |
    Bit(Token::kFallthrough) | Bit(Token::kFor) | Bit(Token::kGo) | Bit(Token::kGoto) | Bit(Token::kIf) |
    Bit(Token::kReturn) | Bit(Token::kSelect) | Bit(Token::kSwitch) | Bit(Token::kType) | Bit(Token::kVar);

bool IsBodylessFunc(const Decl* decl) {
  const FuncDecl* f = As<FuncDecl>(decl);
  return f != nullptr && !f->has_body;
}

// gc prints at most one syntax error a line (whatever its file: it remembers only the
// line of the last one).
bool RepeatsLine(const diag::Emitter& errors, Pos pos) {
  const auto& all = errors.diagnostics();
  for (auto d = all.rbegin(); d != all.rend(); ++d)
    if (d->text.starts_with("syntax error")) return d->pos.line == pos.line;
  return false;
}

}  // namespace

std::string TokenWord(Token token) {
  if (token == Token::kComma) return "comma";
  if (token == Token::kSemi) return "semicolon or newline";
  std::string text(TokenText(token));
  return token >= Token::kBreak && token <= Token::kVar ? "keyword " + text : text;
}

Parser::Parser(const ParseContext& context, diag::FileId file, const ParseOptions& options)
    : ctx_(context), file_(file), options_(options), scan_(context.files.file(file).text, *this) {
  Next();
}

Parser::Parser(const ParseContext& context, const FuncDecl* func, const ParseOptions& options)
    : ctx_(context),
      file_(func->pos.file),
      options_(options),
      top_(false),
      scan_(context.files.file(file_).text, *this, func->body_offset, func->body_pos.line,
            func->body_pos.col) {
  Next();
}

Pos Parser::PosAt(uint32_t line, uint32_t col) const {
  return {file_, static_cast<uint16_t>(std::min<size_t>(col, kMaxColumn)), line};
}

Name* Parser::NewName(Pos pos, std::string_view text) {
  Name* n = New<Name>(pos);
  n->name = ctx_.names.Intern(text);
  return n;
}

void Parser::Want(Token t) {
  if (Got(t)) return;
  SyntaxError("expected " + TokenWord(t));
  Advance({});
}

// Accepts `:=` where `=` belongs, with a complaint.
bool Parser::GotAssign() {
  if (Is(Token::kDefine)) SyntaxError("expected =");
  if (!Is(Token::kDefine) && !Is(Token::kAssign)) return false;
  Next();
  return true;
}

void Parser::OnLexicalError(uint32_t line, uint32_t col, std::string message) {
  ErrorAt(PosAt(line, col), std::move(message));
}

void Parser::ErrorAt(Pos pos, std::string message) {
  ++errors_;
  if (message.starts_with("syntax error") && RepeatsLine(ctx_.errors, pos)) return;
  ctx_.errors.Error(pos, std::move(message));
}

// A message that starts with "in ", "at ", "after " or "expected " goes on from
// "unexpected <the current token>"; any other stands by itself.
void Parser::SyntaxErrorAt(Pos pos, std::string message) {
  if (Is(Token::kEOF) && errors_ > 0) return;  // a consequence of an earlier error
  if (message.starts_with("in ") || message.starts_with("at ") || message.starts_with("after ")) {
    message = " " + message;
  } else if (message.starts_with("expected ")) {
    message = ", " + message;
  } else {
    ErrorAt(pos, "syntax error: " + message);
    return;
  }
  std::string token;
  switch (tok()) {
    case Token::kName:
      token = "name " + std::string(scan_.lit);
      break;
    case Token::kSemi:
      token = scan_.lit;
      break;
    case Token::kLiteral:
      token = "literal " + std::string(scan_.lit);
      break;
    case Token::kOperator:
      token = OperatorText(scan_.op);
      break;
    case Token::kAssignOp:
      token = std::string(OperatorText(scan_.op)) + "=";
      break;
    case Token::kIncOp:
      token = OperatorText(scan_.op);
      token += token;
      break;
    default:
      token = TokenWord(tok());
  }
  ErrorAt(pos, "syntax error: unexpected " + token + message);
}

void Parser::Advance(std::initializer_list<Token> follow) {
  if (follow.size() == 0) {
    if (!Is(Token::kEOF)) Next();
    return;
  }
  uint64_t set = Bit(Token::kEOF);
  if (fnest_ > 0) set |= kStatementStarts;
  for (Token t : follow) set |= Bit(t);
  while ((set & Bit(tok())) == 0) Next();
}

void Parser::TooDeep() {
  if (!Is(Token::kEOF)) Error("exceeded max nesting depth");
  scan_.Abandon();
}

File* Parser::ParseFile() {
  File* f = New<File>();
  f->file = file_;
  f->go_version = ctx_.arena.Copy(std::string_view(go_version_));
  top_ = false;
  if (!Got(Token::kPackage)) {
    SyntaxError("package statement must be first");
    return nullptr;
  }
  f->pragma = TakePragma();
  f->pkg_name = ParseName();
  Want(Token::kSemi);
  if (errors_ > 0) return nullptr;

  List<Decl> decls(*this);
  Token previous = Token::kImport;
  while (!Is(Token::kEOF)) {
    if (Is(Token::kImport) && previous != Token::kImport)
      SyntaxError("imports must appear before other declarations");
    previous = tok();
    switch (tok()) {
      case Token::kImport:
        Next();
        AppendGroup(decls, &Parser::ImportSpec);
        break;
      case Token::kConst:
        Next();
        AppendGroup(decls, &Parser::ConstSpec);
        break;
      case Token::kType:
        Next();
        AppendGroup(decls, &Parser::TypeSpec);
        break;
      case Token::kVar:
        Next();
        AppendGroup(decls, &Parser::VarSpec);
        break;
      case Token::kFunc:
        Next();
        if (FuncDecl* func = FuncDeclOrNil()) decls.Add(func);
        break;
      default:
        if (Is(Token::kLbrace) && decls.size() > 0 && IsBodylessFunc(decls[decls.size() - 1])) {
          SyntaxError("unexpected semicolon or newline before {");
        } else {
          SyntaxError("non-declaration statement outside function body");
        }
        Advance({Token::kImport, Token::kConst, Token::kType, Token::kVar, Token::kFunc});
        continue;
    }
    // Before the `;` is consumed: comments behind it belong to the next declaration.
    ClearPragma();
    if (!Is(Token::kEOF) && !Got(Token::kSemi)) {
      SyntaxError("after top level declaration");
      Advance({Token::kImport, Token::kConst, Token::kType, Token::kVar, Token::kFunc});
    }
  }
  ClearPragma();
  f->decls = decls.Take();
  f->eof = CurrentPos();
  f->linknames = ctx_.arena.Copy(linknames_);
  return f;
}

Expr* Parser::ParseWholeExpr() {
  Expr* x = ParseExpr();
  Got(Token::kSemi);
  if (!Is(Token::kEOF)) SyntaxError("after expression");
  return errors_ == 0 ? x : nullptr;
}

File* ParseFile(const ParseContext& context, diag::FileId file, const ParseOptions& options) {
  return Parser(context, file, options).ParseFile();
}

void ParseBody(const ParseContext& context, FuncDecl* func, const ParseOptions& options) {
  if (func->body_parsed) return;
  func->body_parsed = true;
  func->body = Parser(context, func, options).FuncBody();
}

Expr* ParseExpr(const ParseContext& context, diag::FileId file) {
  return Parser(context, file, {}).ParseWholeExpr();
}

}  // namespace escapement::syntax
