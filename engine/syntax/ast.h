// The syntax tree: node kinds and positions as in gc's syntax package.
//
// Nodes are plain structs in an arena: a `kind`, a position, children as pointers
// and spans. `As<T>(node)` is the checked downcast (null if the kind differs).
// A child that Go's grammar leaves out is null or an empty span.
//
// A node's position is that of a token that only it owns: a name, literal, unary
// operator, keyword or opening bracket at its first byte; a call at its `(`, an index
// or slice expression at its `[`, a selector or assertion at its `.`, a binary
// operation at its operator, a key-value pair at its `:`, an assignment or send at
// its operator, a labeled statement at its `:`, a range clause at `range`, an
// expression statement or list at its first expression's position. Declarations stand
// at the first name (`import`, `const`, `var`, `type` specs) or at the name or
// receiver's `(` after `func`; function types at their parameters' `(` (or the type
// parameters' `[`). StartPos gives the leftmost position of any node.
//
// The type checker writes its findings into the slots at the end of each struct.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "engine/base/arena.h"
#include "engine/base/check.h"
#include "engine/base/constant.h"
#include "engine/base/interner.h"
#include "engine/diag/position.h"
#include "engine/syntax/tokens.h"

namespace escapement::types {
struct Type;
struct Object;
struct Selection;
struct Instance;
struct Scope;
}  // namespace escapement::types

namespace escapement::syntax {

using base::Constant;
using diag::Pos;

// Columns beyond are stored as this one.
inline constexpr size_t kMaxColumn = 65535;

enum class NodeKind : uint8_t {
#define NODE(id) k##id,
#include "engine/syntax/nodes.def"
};

// "CallExpr", for dumps.
std::string_view KindName(NodeKind kind);

struct Node {
  Pos pos;
  NodeKind kind = NodeKind::kFile;
};

// Checked downcast; null for null and for other kinds.
template <typename T>
T* As(Node* n) {
  return n != nullptr && n->kind == T::kKind ? static_cast<T*>(n) : nullptr;
}
template <typename T>
const T* As(const Node* n) {
  return n != nullptr && n->kind == T::kKind ? static_cast<const T*>(n) : nullptr;
}
// Downcast where the kind is known.
template <typename T>
T* To(Node* n) {
  ENSURE(n != nullptr && n->kind == T::kKind, "AST node of another kind");
  return static_cast<T*>(n);
}
template <typename T>
const T* To(const Node* n) {
  ENSURE(n != nullptr && n->kind == T::kKind, "AST node of another kind");
  return static_cast<const T*>(n);
}

constexpr bool IsDecl(NodeKind k) {
  return k >= NodeKind::kImportDecl && k <= NodeKind::kFuncDecl;
}
constexpr bool IsExpr(NodeKind k) {
  return k >= NodeKind::kBadExpr && k <= NodeKind::kChanType;
}
constexpr bool IsStmt(NodeKind k) {
  return k >= NodeKind::kEmptyStmt && k <= NodeKind::kRangeClause;
}

struct Decl : Node {};
struct Stmt : Node {};
using SimpleStmt = Stmt;

// How the checker classifies an expression (types2's operand modes).
enum class ExprMode : uint8_t {
  kInvalid,
  kNoValue,
  kBuiltin,
  kTypeExpr,
  kConstant,
  kVariable,
  kMapIndex,
  kValue,
  kNilValue,
  kCommaOk,
  kCommaErr,
  kCgoFunc,
};

// Every expression and type expression.
struct Expr : Node {
  // Filled by the checker:
  ExprMode mode = ExprMode::kInvalid;
  types::Type* type = nullptr;
  Constant value;
};

struct Field;
struct FuncType;
struct BlockStmt;
struct CaseClause;
struct CommClause;
struct LabeledStmt;

// ---- Directives ----

// Bits of `//go:` directives that stand before a declaration (ir.PragmaFlag).
enum PragmaFlag : uint32_t {
  kPragmaNointerface = 1 << 0,
  kPragmaNoescape = 1 << 1,
  kPragmaNorace = 1 << 2,
  kPragmaNosplit = 1 << 3,
  kPragmaNoinline = 1 << 4,
  kPragmaNoCheckPtr = 1 << 5,
  kPragmaCgoUnsafeArgs = 1 << 6,
  kPragmaUintptrKeepAlive = 1 << 7,
  kPragmaUintptrEscapes = 1 << 8,
  kPragmaSystemstack = 1 << 9,
  kPragmaNowritebarrier = 1 << 10,
  kPragmaNowritebarrierrec = 1 << 11,
  kPragmaYeswritebarrierrec = 1 << 12,
  kPragmaGoBuild = 1 << 13,
  kPragmaRegisterParams = 1 << 14,
};
// The flags a function declaration may carry; others before it are misplaced.
inline constexpr uint32_t kFuncPragmas = 0x5fff;

// One directive's flags and position (the `g` of `go:`).
struct PragmaPos {
  uint32_t flags;
  Pos pos;
};
// A `//go:embed` line with its unquoted patterns.
struct EmbedDirective {
  Pos pos;
  std::span<std::string_view> patterns;
};
// The directives before one declaration. Null where there are none.
struct Pragma {
  uint32_t flags = 0;
  std::span<PragmaPos> positions;
  std::span<EmbedDirective> embeds;
};
// `//go:linkname local [remote]`; remote is empty where it was left out.
struct Linkname {
  Pos pos;
  std::string_view local, remote;
};

// ---- Names ----

struct Name : Expr {
  static constexpr NodeKind kKind = NodeKind::kName;
  base::Name name;
  // Filled by the checker: the object defined or used here, and the type arguments
  // where it denotes an instantiated generic function or type.
  types::Object* object = nullptr;
  const types::Instance* instance = nullptr;

  std::string_view text() const { return name.text(); }
};

// ---- Files and declarations ----

struct File : Node {
  static constexpr NodeKind kKind = NodeKind::kFile;
  diag::FileId file;
  Pragma* pragma = nullptr;
  Name* pkg_name = nullptr;
  std::span<Decl*> decls;
  Pos eof;
  std::string_view go_version;  // "go1.21" from a //go:build line, or empty
  std::span<Linkname> linknames;
  // Filled by the checker:
  types::Scope* scope = nullptr;
};

// Declarations of one parenthesised group point to the same Group.
struct Group {
  uint32_t ordinal = 0;
};

struct BasicLit : Expr {
  static constexpr NodeKind kKind = NodeKind::kBasicLit;
  std::string_view text;  // as in the source
  LitKind lit_kind = LitKind::kInt;
  bool bad = false;  // the literal has syntax errors
};

struct ImportDecl : Decl {
  static constexpr NodeKind kKind = NodeKind::kImportDecl;
  Group* group = nullptr;
  Pragma* pragma = nullptr;
  Name* local_name = nullptr;                // including "."; null without renaming
  BasicLit* path = nullptr;                  // null after a syntax error
  types::Object* implicit_object = nullptr;  // the checker's PkgName where local_name is null
};

struct ConstDecl : Decl {
  static constexpr NodeKind kKind = NodeKind::kConstDecl;
  Group* group = nullptr;
  Pragma* pragma = nullptr;
  std::span<Name*> names;
  Expr* type_expr = nullptr;
  Expr* values = nullptr;  // a ListExpr for several
};

struct TypeDecl : Decl {
  static constexpr NodeKind kKind = NodeKind::kTypeDecl;
  Group* group = nullptr;
  Pragma* pragma = nullptr;
  Name* name = nullptr;
  std::span<Field*> tparams;
  bool alias = false;
  Expr* type_expr = nullptr;
};

struct VarDecl : Decl {
  static constexpr NodeKind kKind = NodeKind::kVarDecl;
  Group* group = nullptr;
  Pragma* pragma = nullptr;
  std::span<Name*> names;
  Expr* type_expr = nullptr;
  Expr* values = nullptr;  // a ListExpr for several
};

struct FuncDecl : Decl {
  static constexpr NodeKind kKind = NodeKind::kFuncDecl;
  Pragma* pragma = nullptr;
  Field* recv = nullptr;
  Name* name = nullptr;
  std::span<Field*> tparams;
  FuncType* type_expr = nullptr;
  BlockStmt* body = nullptr;  // null without body, or while a lazy body is not parsed
  // Lazy bodies: where the `{` is; ParseBody fills `body`.
  bool has_body = false;
  bool body_parsed = true;
  uint32_t body_offset = 0;
  Pos body_pos;     // the `{`
  Pos body_rbrace;  // the `}`
};

// ---- Expressions ----

struct BadExpr : Expr {
  static constexpr NodeKind kKind = NodeKind::kBadExpr;
};

// Type { elem, elem, ... }
struct CompositeLit : Expr {
  static constexpr NodeKind kKind = NodeKind::kCompositeLit;
  Expr* type_expr = nullptr;  // null for an elided type
  std::span<Expr*> elems;
  uint32_t nkeys = 0;  // elements that are KeyValueExprs
  Pos rbrace;
};

struct KeyValueExpr : Expr {
  static constexpr NodeKind kKind = NodeKind::kKeyValueExpr;
  Expr* key = nullptr;
  Expr* value_expr = nullptr;
};

struct FuncLit : Expr {
  static constexpr NodeKind kKind = NodeKind::kFuncLit;
  FuncType* type_expr = nullptr;
  BlockStmt* body = nullptr;
};

// (x), kept only where a message or rule needs it.
struct ParenExpr : Expr {
  static constexpr NodeKind kKind = NodeKind::kParenExpr;
  Expr* x = nullptr;
};

struct SelectorExpr : Expr {
  static constexpr NodeKind kKind = NodeKind::kSelectorExpr;
  Expr* x = nullptr;
  Name* sel = nullptr;                          // its object slot holds the field, method or package member
  const types::Selection* selection = nullptr;  // null for pkg.Name
};

// x[index]; several type arguments make index a ListExpr.
struct IndexExpr : Expr {
  static constexpr NodeKind kKind = NodeKind::kIndexExpr;
  Expr* x = nullptr;
  Expr* index = nullptr;
};

struct SliceExpr : Expr {
  static constexpr NodeKind kKind = NodeKind::kSliceExpr;
  Expr* x = nullptr;
  Expr* index[3] = {nullptr, nullptr, nullptr};
  bool full = false;  // a second colon was written
};

struct AssertExpr : Expr {
  static constexpr NodeKind kKind = NodeKind::kAssertExpr;
  Expr* x = nullptr;
  Expr* type_expr = nullptr;
};

// x.(type), lhs := x.(type)
struct TypeSwitchGuard : Expr {
  static constexpr NodeKind kKind = NodeKind::kTypeSwitchGuard;
  Name* lhs = nullptr;
  Expr* x = nullptr;
};

// op x, or x op y. A pointer type is kMul with y == null.
struct Operation : Expr {
  static constexpr NodeKind kKind = NodeKind::kOperation;
  Operator op = Operator::kNone;
  Expr* x = nullptr;
  Expr* y = nullptr;
};

struct CallExpr : Expr {
  static constexpr NodeKind kKind = NodeKind::kCallExpr;
  Expr* fun = nullptr;
  std::span<Expr*> args;
  bool has_dots = false;
};

struct ListExpr : Expr {
  static constexpr NodeKind kKind = NodeKind::kListExpr;
  std::span<Expr*> elems;
};

struct ArrayType : Expr {
  static constexpr NodeKind kKind = NodeKind::kArrayType;
  Expr* len = nullptr;  // null for [...]
  Expr* elem = nullptr;
};

struct SliceType : Expr {
  static constexpr NodeKind kKind = NodeKind::kSliceType;
  Expr* elem = nullptr;
};

struct DotsType : Expr {
  static constexpr NodeKind kKind = NodeKind::kDotsType;
  Expr* elem = nullptr;
};

struct StructType : Expr {
  static constexpr NodeKind kKind = NodeKind::kStructType;
  std::span<Field*> fields;
  std::span<BasicLit*> tags;  // empty, or as long as fields with null for "no tag"
};

struct InterfaceType : Expr {
  static constexpr NodeKind kKind = NodeKind::kInterfaceType;
  std::span<Field*> methods;  // a Field without name is an embedded element
};

struct FuncType : Expr {
  static constexpr NodeKind kKind = NodeKind::kFuncType;
  std::span<Field*> params;
  std::span<Field*> results;
  types::Scope* scope = nullptr;
};

struct MapType : Expr {
  static constexpr NodeKind kKind = NodeKind::kMapType;
  Expr* key = nullptr;
  Expr* value_type = nullptr;
};

enum class ChanDir : uint8_t { kBoth, kSendOnly, kRecvOnly };

struct ChanType : Expr {
  static constexpr NodeKind kKind = NodeKind::kChanType;
  ChanDir dir = ChanDir::kBoth;
  Expr* elem = nullptr;
};

// name Type, or Type alone. Names declared in one list share the type's pointer.
struct Field : Node {
  static constexpr NodeKind kKind = NodeKind::kField;
  Name* name = nullptr;
  Expr* type_expr = nullptr;
  types::Object* implicit_object = nullptr;  // the checker's object for an unnamed parameter
};

// ---- Statements ----

struct EmptyStmt : Stmt {
  static constexpr NodeKind kKind = NodeKind::kEmptyStmt;
};

struct LabeledStmt : Stmt {
  static constexpr NodeKind kKind = NodeKind::kLabeledStmt;
  Name* label = nullptr;
  Stmt* stmt = nullptr;
};

struct BlockStmt : Stmt {
  static constexpr NodeKind kKind = NodeKind::kBlockStmt;
  std::span<Stmt*> list;
  Pos rbrace;
};

struct ExprStmt : Stmt {
  static constexpr NodeKind kKind = NodeKind::kExprStmt;
  Expr* x = nullptr;
};

struct SendStmt : Stmt {
  static constexpr NodeKind kKind = NodeKind::kSendStmt;
  Expr* chan = nullptr;
  Expr* value = nullptr;
};

struct DeclStmt : Stmt {
  static constexpr NodeKind kKind = NodeKind::kDeclStmt;
  std::span<Decl*> decls;
};

// lhs = rhs (kNone), lhs := rhs (kDef), lhs op= rhs, lhs++ and lhs-- (rhs null).
struct AssignStmt : Stmt {
  static constexpr NodeKind kKind = NodeKind::kAssignStmt;
  Operator op = Operator::kNone;
  Expr* lhs = nullptr;
  Expr* rhs = nullptr;
};

// break, continue, fallthrough, goto.
struct BranchStmt : Stmt {
  static constexpr NodeKind kKind = NodeKind::kBranchStmt;
  Token tok = Token::kNone;
  Name* label = nullptr;
  // Where control goes: the LabeledStmt of a goto, the For/Switch/SelectStmt of a
  // break or continue; null for fallthrough and after errors.
  Stmt* target = nullptr;
};

// go or defer.
struct CallStmt : Stmt {
  static constexpr NodeKind kKind = NodeKind::kCallStmt;
  Token tok = Token::kNone;
  Expr* call = nullptr;
};

struct ReturnStmt : Stmt {
  static constexpr NodeKind kKind = NodeKind::kReturnStmt;
  Expr* results = nullptr;  // a ListExpr for several
};

struct IfStmt : Stmt {
  static constexpr NodeKind kKind = NodeKind::kIfStmt;
  Stmt* init = nullptr;
  Expr* cond = nullptr;
  BlockStmt* then = nullptr;
  Stmt* else_stmt = nullptr;  // an IfStmt or a BlockStmt
};

struct ForStmt : Stmt {
  static constexpr NodeKind kKind = NodeKind::kForStmt;
  Stmt* init = nullptr;  // may be a RangeClause
  Expr* cond = nullptr;
  Stmt* post = nullptr;
  BlockStmt* body = nullptr;
};

struct SwitchStmt : Stmt {
  static constexpr NodeKind kKind = NodeKind::kSwitchStmt;
  Stmt* init = nullptr;
  Expr* tag = nullptr;  // may be a TypeSwitchGuard
  std::span<CaseClause*> body;
  Pos rbrace;
};

struct SelectStmt : Stmt {
  static constexpr NodeKind kKind = NodeKind::kSelectStmt;
  std::span<CommClause*> body;
  Pos rbrace;
};

// lhs = range x, lhs := range x, range x: the init of a ForStmt.
struct RangeClause : Stmt {
  static constexpr NodeKind kKind = NodeKind::kRangeClause;
  Expr* lhs = nullptr;
  bool def = false;
  Expr* x = nullptr;
};

struct CaseClause : Node {
  static constexpr NodeKind kKind = NodeKind::kCaseClause;
  Expr* cases = nullptr;  // null for default
  std::span<Stmt*> body;
  Pos colon;
  types::Object* implicit_object = nullptr;  // the checker's variable of a type switch clause
};

struct CommClause : Node {
  static constexpr NodeKind kKind = NodeKind::kCommClause;
  Stmt* comm = nullptr;  // null for default
  std::span<Stmt*> body;
  Pos colon;
};

// ---- Functions over nodes ----

// A new node of kind T.
template <typename T>
T* NewNode(base::Arena& arena, Pos pos) {
  T* n = arena.New<T>();
  n->pos = pos;
  n->kind = T::kKind;
  return n;
}

// x without enclosing parentheses.
Expr* Unparen(Expr* x);
const Expr* Unparen(const Expr* x);

// The elements of a list: none for null, the elements of a ListExpr, else `x` itself
// (the span then views the pointer passed in).
std::span<Expr* const> UnpackListExpr(Expr* const& x);

// Leftmost position of the node's text.
Pos StartPos(const Node* n);
// Approximate end of the node, as gc's scopes use it: behind a name or literal, at a
// block's `}`, elsewhere the end of the last child.
Pos EndPos(const Node* n);

// The node as messages print it: gc's short form, on one line, with "…" for the
// contents of function bodies and composite literals.
std::string String(const Node* n);

}  // namespace escapement::syntax
