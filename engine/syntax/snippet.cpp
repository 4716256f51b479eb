#include "engine/syntax/snippet.h"

#include <algorithm>
#include <set>

#include "engine/syntax/parser.h"
#include "engine/syntax/scanner.h"
#include "engine/syntax/walk.h"

namespace escapement::syntax {

namespace {

struct IgnoreErrors final : ScanListener {
  void OnLexicalError(uint32_t, uint32_t, std::string) override {}
  void OnDirective(uint32_t, uint32_t, std::string_view) override {}
};

struct Lexeme {
  Token tok;
  std::string_view text;  // of names
  uint32_t offset, end;
};

std::vector<Lexeme> Lex(const std::string& text) {
  IgnoreErrors ignore;
  Scanner scanner(text, ignore);
  std::vector<Lexeme> out;
  for (;;) {
    scanner.Next();
    if (scanner.tok == Token::kEOF) return out;
    out.push_back({scanner.tok, scanner.tok == Token::kName ? scanner.lit : std::string_view(),
                   scanner.offset, scanner.EndOffset()});
  }
}

// A declaration or statement at the top of the text.
struct Item {
  enum Kind { kImport, kFunc, kDecl, kStatement } kind;
  size_t first, last;  // lexemes
  bool is_main = false;
};

// The lexeme behind the bracket that matches the one at `open`.
size_t BehindMatch(const std::vector<Lexeme>& lexemes, size_t open, size_t end) {
  int depth = 0;
  for (size_t i = open; i < end; ++i) {
    Token t = lexemes[i].tok;
    if (t == Token::kLparen || t == Token::kLbrack || t == Token::kLbrace) ++depth;
    if (t == Token::kRparen || t == Token::kRbrack || t == Token::kRbrace) --depth;
    if (depth == 0) return i + 1;
  }
  return end;
}

Item Classify(const std::vector<Lexeme>& lexemes, size_t first, size_t end) {
  Item item{Item::kStatement, first, end - 1};
  switch (lexemes[first].tok) {
    case Token::kImport:
      item.kind = Item::kImport;
      break;
    case Token::kVar:
    case Token::kConst:
    case Token::kType:
      item.kind = Item::kDecl;
      break;
    case Token::kFunc: {
      // A name, or a receiver and a name; else a function literal.
      size_t name = first + 1;
      bool method = name < end && lexemes[name].tok == Token::kLparen;
      if (method) name = BehindMatch(lexemes, name, end);
      if (name < end && lexemes[name].tok == Token::kName) {
        item.kind = Item::kFunc;
        item.is_main = !method && lexemes[name].text == "main";
      }
      break;
    }
    default:
      break;
  }
  return item;
}

std::vector<Item> SplitItems(const std::vector<Lexeme>& lexemes, size_t begin) {
  std::vector<Item> items;
  int depth = 0;
  size_t first = begin;
  for (size_t i = begin; i <= lexemes.size(); ++i) {
    bool end = i == lexemes.size();
    if (!end) {
      Token t = lexemes[i].tok;
      if (t == Token::kLparen || t == Token::kLbrack || t == Token::kLbrace) ++depth;
      if (t == Token::kRparen || t == Token::kRbrack || t == Token::kRbrace) --depth;
      end = t == Token::kSemi && depth <= 0;
    }
    if (!end) continue;
    if (i > first) items.push_back(Classify(lexemes, first, i));
    first = i + 1;
  }
  return items;
}

// The run of items that belongs into func main: from the first statement, and the
// declarations right before it, to the last statement that no function separates.
struct Region {
  size_t begin = 0, end = 0;  // items
};
Region StatementRegion(const std::vector<Item>& items) {
  Region r;
  while (r.begin < items.size() && items[r.begin].kind != Item::kStatement) ++r.begin;
  if (r.begin == items.size()) return {};
  for (r.end = r.begin; r.end < items.size(); ++r.end)
    if (items[r.end].kind == Item::kImport || items[r.end].kind == Item::kFunc) break;
  while (r.begin > 0 && items[r.begin - 1].kind == Item::kDecl) --r.begin;
  return r;
}

// Names that a file declares anywhere, and names used as x.Y.
struct NameUse {
  std::set<std::string_view> declared;
  std::vector<std::string_view> used;
};

void Declare(NameUse& use, Expr* names) {
  for (Expr* x : UnpackListExpr(names))
    if (Name* n = As<Name>(x)) use.declared.insert(n->text());
}

void CollectNames(Node* node, NameUse& use) {
  switch (node->kind) {
    case NodeKind::kImportDecl: {
      ImportDecl* d = To<ImportDecl>(node);
      if (d->local_name != nullptr) {
        use.declared.insert(d->local_name->text());
      } else if (d->path != nullptr && d->path->text.size() > 2) {
        std::string_view path = d->path->text.substr(1, d->path->text.size() - 2);
        std::string_view base = path.substr(path.rfind('/') + 1);
        // math/rand/v2 is package rand.
        if (base.size() > 1 && base[0] == 'v' &&
            base.find_first_not_of("0123456789", 1) == std::string_view::npos) {
          path = path.substr(0, path.size() - base.size() - 1);
          base = path.substr(path.rfind('/') + 1);
        }
        use.declared.insert(base);
      }
      return;
    }
    case NodeKind::kConstDecl:
      for (Name* n : To<ConstDecl>(node)->names) use.declared.insert(n->text());
      break;
    case NodeKind::kVarDecl:
      for (Name* n : To<VarDecl>(node)->names) use.declared.insert(n->text());
      break;
    case NodeKind::kTypeDecl:
      use.declared.insert(To<TypeDecl>(node)->name->text());
      break;
    case NodeKind::kFuncDecl:
      if (To<FuncDecl>(node)->recv == nullptr) use.declared.insert(To<FuncDecl>(node)->name->text());
      break;
    case NodeKind::kField:
      if (To<Field>(node)->name != nullptr) use.declared.insert(To<Field>(node)->name->text());
      break;
    case NodeKind::kAssignStmt:
      if (To<AssignStmt>(node)->op == Operator::kDef) Declare(use, To<AssignStmt>(node)->lhs);
      break;
    case NodeKind::kRangeClause:
      if (To<RangeClause>(node)->def) Declare(use, To<RangeClause>(node)->lhs);
      break;
    case NodeKind::kTypeSwitchGuard:
      Declare(use, To<TypeSwitchGuard>(node)->lhs);
      break;
    case NodeKind::kSelectorExpr:
      if (Name* n = As<Name>(To<SelectorExpr>(node)->x)) use.used.push_back(n->text());
      break;
    default:
      break;
  }
  ForEachChild(node, [&](Node* child) { CollectNames(child, use); });
}

std::vector<std::string> MissingImports(const std::string& text, const PackageTable& packages) {
  base::Arena arena;
  base::Interner names;
  diag::FileSet files;
  diag::Emitter errors;
  File* file = ParseFile({arena, names, files, errors}, files.Add({.name = "", .text = text}));
  std::vector<std::string> imports;
  if (file == nullptr) return imports;
  NameUse use;
  CollectNames(file, use);
  for (std::string_view name : use.used) {
    auto found = packages.find(name);
    if (found == packages.end() || use.declared.count(name) != 0) continue;
    if (std::find(imports.begin(), imports.end(), found->second) == imports.end())
      imports.push_back(found->second);
  }
  return imports;
}

// Text to insert at byte offsets, in order.
struct Insertion {
  size_t offset;
  std::string text;
};
std::string Apply(std::string_view source, const std::vector<Insertion>& insertions) {
  std::string out;
  size_t at = 0;
  for (const Insertion& i : insertions) {
    out += source.substr(at, i.offset - at);
    out += i.text;
    at = i.offset;
  }
  out += source.substr(at);
  return out;
}

}  // namespace

Snippet CompleteSnippet(std::string_view source, const PackageTable& packages) {
  std::string text(source);
  std::vector<Lexeme> lexemes = Lex(text);
  Snippet result;
  size_t begin = 0;
  bool is_main = true;
  if (!lexemes.empty() && lexemes[0].tok == Token::kPackage) {
    begin = 2;
    is_main = lexemes.size() < 2 || lexemes[1].text == "main";
    if (lexemes.size() < 2 || lexemes[1].tok != Token::kName) {
      result.text = text;
      return result;
    }
  } else {
    result.added_package = true;
    result.synthetic_lines = 1;
  }
  std::vector<Item> items = SplitItems(lexemes, std::min(begin, lexemes.size()));
  bool has_main = std::any_of(items.begin(), items.end(), [](const Item& i) { return i.is_main; });
  Region region = has_main || !is_main ? Region{} : StatementRegion(items);
  bool wraps = region.end > region.begin;

  // The head (package clause and imports) goes before the text, or behind the package name.
  size_t head_at = result.added_package ? 0 : lexemes[1].end;
  std::string head = result.added_package ? "package main" : "";
  std::vector<Insertion> insertions{{head_at, ""}};
  std::string open_in_head;
  if (wraps) {
    if (region.begin == 0) {
      open_in_head = "; func main() {";
    } else {
      insertions.push_back({lexemes[items[region.begin - 1].last].end, "; func main() {"});
    }
    bool at_end = region.end == items.size();
    insertions.push_back(
        {at_end ? text.size() : lexemes[items[region.end - 1].last].end, at_end ? "\n}\n" : "; }"});
    result.added_main = true;
  } else if (!has_main && is_main) {
    insertions.push_back({text.size(), "\nfunc main() {}\n"});
    result.added_main = true;
  }
  auto assemble = [&] {
    std::string imports;
    for (const std::string& path : result.imports) imports += "; import \"" + path + "\"";
    insertions[0].text = head + imports + open_in_head + (result.added_package ? "\n" : "");
    return Apply(text, insertions);
  };
  result.imports = MissingImports(assemble(), packages);
  result.text = assemble();
  return result;
}

Archive SplitArchive(std::string_view text) {
  Archive archive;
  std::string* part = &archive.comment;
  while (!text.empty()) {
    size_t length = std::min(text.find('\n'), text.size() - 1) + 1;
    std::string_view line = text.substr(0, length);
    text.remove_prefix(length);
    std::string_view marker = line;
    while (!marker.empty() && (marker.back() == '\n' || marker.back() == '\r')) marker.remove_suffix(1);
    if (marker.size() >= 7 && marker.starts_with("-- ") && marker.ends_with(" --")) {
      std::string_view name = marker.substr(3, marker.size() - 6);
      while (!name.empty() && name.front() == ' ') name.remove_prefix(1);
      while (!name.empty() && name.back() == ' ') name.remove_suffix(1);
      if (!name.empty()) {
        archive.files.push_back({std::string(name), ""});
        part = &archive.files.back().text;
        continue;
      }
    }
    *part += line;
    if (line.back() != '\n') *part += '\n';
  }
  return archive;
}

}  // namespace escapement::syntax
