#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "engine/syntax/build_constraint.h"
#include "engine/syntax/walk.h"
#include "tests/unit/syntax/parse.h"

using namespace escapement;
using namespace escapement::syntax;

namespace {

std::string Dump(Node* n) {
  std::string out(KindName(n->kind));
  if (Name* name = As<Name>(n)) out += ":" + std::string(name->text());
  std::string children;
  ForEachChild(n, [&](Node* child) { children += (children.empty() ? "" : " ") + Dump(child); });
  return children.empty() ? out : out + "(" + children + ")";
}

// The initialiser of the one variable of a file.
Expr* Initialiser(const Parsed& p) {
  return To<VarDecl>(p.file->decls[0])->values;
}

std::string Reprint(const std::string& expr) {
  Parsed p("package p\nvar x = " + expr + "\n");
  CHECK(p.Errors() == "");
  return String(Initialiser(p));
}

int CountNodes(Node* n) {
  int count = 1;
  ForEachChild(n, [&](Node* child) { count += CountNodes(child); });
  return count;
}

}  // namespace

TEST_CASE("nodes stand where gc's stand") {
  Parsed p("package p\nvar x = a.b(c)[d:e] + -f{g: h}\n");
  REQUIRE(p.Errors() == "");
  Operation* sum = To<Operation>(Initialiser(p));
  CHECK(sum->pos.col == 21);
  CHECK(StartPos(sum).col == 15);  // a slice expression starts at its bracket
  SliceExpr* slice = To<SliceExpr>(sum->x);
  CHECK(slice->pos.col == 15);
  CallExpr* call = To<CallExpr>(slice->x);
  CHECK(call->pos.col == 12);
  CHECK(call->fun->pos.col == 10);
  CHECK(StartPos(call).col == 9);
  CompositeLit* lit = To<CompositeLit>(To<Operation>(sum->y)->x);
  CHECK(lit->pos.col == 25);
  CHECK(lit->rbrace.col == 30);
  CHECK(lit->nkeys == 1);
  CHECK(lit->elems[0]->pos.col == 27);
  CHECK(EndPos(sum).col == 30);
}

TEST_CASE("precedence and associativity") {
  Parsed p("package p\nvar x = a || b && c == d + e * f\n");
  CHECK(Dump(Initialiser(p)) ==
        "Operation(Name:a Operation(Name:b Operation(Name:c Operation(Name:d Operation(Name:e Name:f)))))");
  Parsed q("package p\nvar x = a - b - c\n");
  CHECK(Dump(Initialiser(q)) == "Operation(Operation(Name:a Name:b) Name:c)");
}

TEST_CASE("expressions print in gc's short form") {
  for (std::string same : {"a + b*c",
                           "f(x, y...)",
                           "T{}",
                           "x[1:2:3]",
                           "x[:]",
                           "x.(T)",
                           "<-c",
                           "[]int",
                           "[...]int{}",
                           "map[string]int",
                           "func(x, y int, s string) (int, error) {}",
                           "struct{x, y int; T \"tag\"; *U}",
                           "interface{m(int) string; ~int | string}",
                           "chan (<-chan int)",
                           "chan<- int",
                           "G[int, string]",
                           "&x",
                           "'a'",
                           "func(...int)",
                           "(x)"}) {
    if (same == "a + b*c") {
      CHECK(Reprint(same) == "a + b * c");
    } else {
      CHECK(Reprint(same) == same);
    }
  }
  CHECK(Reprint("T{1, 2}") == "T{…}");
  CHECK(Reprint("func() { f() }") == "func() {…}");
  CHECK(Reprint("a[i]+((b))") == "a[i] + ((b))");
}

TEST_CASE("names of a list share their type; groups are shared") {
  Parsed p("package p\nfunc f(a, b int, c string)\nvar (\n\tx int\n\ty int\n)\nvar z int\n");
  FuncType* f = To<FuncDecl>(p.file->decls[0])->type_expr;
  CHECK(f->params[0]->type_expr == f->params[1]->type_expr);
  CHECK(f->params[1]->type_expr != f->params[2]->type_expr);
  auto group = [&](int i) { return To<VarDecl>(p.file->decls[i])->group; };
  CHECK(group(1) != nullptr);
  CHECK(group(1) == group(2));
  CHECK(group(3) == nullptr);
}

TEST_CASE("directives") {
  Parsed p(
      "//go:build linux && go1.21\n\npackage p\n\nimport _ \"unsafe\"\n\n//go:noinline\n//go:nosplit\nfunc "
      "f() "
      "{}\n\n//go:linkname g runtime.g\nfunc g()\n\n//go:embed a.txt \"b c.txt\" `d`\nvar e string\n");
  CHECK(p.Errors() == "");
  CHECK(p.file->go_version == "go1.21");
  REQUIRE(p.file->pragma != nullptr);
  CHECK(p.file->pragma->flags == kPragmaGoBuild);
  FuncDecl* f = To<FuncDecl>(p.file->decls[1]);
  CHECK(f->pragma->flags == (kPragmaNoinline | kPragmaNosplit | kPragmaNoCheckPtr));
  CHECK(f->pragma->positions[0].pos.line == 7);
  CHECK(f->pragma->positions[0].pos.col == 3);
  REQUIRE(p.file->linknames.size() == 1);
  CHECK(p.file->linknames[0].remote == "runtime.g");
  VarDecl* e = To<VarDecl>(p.file->decls[3]);
  REQUIRE(e->pragma->embeds.size() == 1);
  CHECK(e->pragma->embeds[0].patterns[1] == "b c.txt");
  CHECK(e->pragma->embeds[0].patterns[2] == "d");
}

TEST_CASE("branches find their targets") {
  Parsed p(
      "package p\nfunc f() {\nL:\n\tfor {\n\t\tswitch {\n\t\tcase true:\n\t\t\tbreak\n\t\t\tcontinue "
      "L\n\t\t}\n\t}\n}\n");
  CHECK(p.Errors() == "");
  LabeledStmt* l = To<LabeledStmt>(To<FuncDecl>(p.file->decls[0])->body->list[0]);
  ForStmt* loop = To<ForStmt>(l->stmt);
  SwitchStmt* s = To<SwitchStmt>(loop->body->list[0]);
  CHECK(To<BranchStmt>(s->body[0]->body[0])->target == s);
  CHECK(To<BranchStmt>(s->body[0]->body[1])->target == loop);
}

TEST_CASE("lazy bodies give the same tree") {
  const std::string source =
      "package p\nfunc a() { /* } */ f(\"}\", '}', `}\n`) // }\n}\nfunc b() int {\n\tif x {\n\t\treturn "
      "'\\''\n\t}\n"
      "\treturn \"\\\"\"\n}\nfunc c()\nvar x int\n";
  Parsed eager(source), lazy(source, {.lazy_bodies = true});
  FuncDecl* b = To<FuncDecl>(lazy.file->decls[1]);
  CHECK(b->has_body);
  CHECK(b->body == nullptr);
  CHECK(EndPos(b) == EndPos(To<FuncDecl>(eager.file->decls[1])));
  CHECK(!To<FuncDecl>(lazy.file->decls[2])->has_body);
  for (Decl* d : lazy.file->decls)
    if (FuncDecl* f = As<FuncDecl>(d)) ParseBody(lazy.context, f);
  CHECK(lazy.Errors() == "");
  CHECK(Dump(lazy.file) == Dump(eager.file));
  CHECK(b->body->list[1]->pos == To<FuncDecl>(eager.file->decls[1])->body->list[1]->pos);
  CHECK(lazy.file->eof == eager.file->eof);
}

TEST_CASE("build constraints for linux/amd64, gc 1.26") {
  CHECK(MatchFile("a.go", "package p"));
  CHECK(MatchFile("a_linux.go", ""));
  CHECK(MatchFile("a_linux_amd64.go", ""));
  CHECK(MatchFile("a_amd64_test.go", ""));
  CHECK(!MatchFile("a_windows.go", ""));
  CHECK(!MatchFile("a_linux_arm64.go", ""));
  CHECK(MatchFile("windows.go", ""));
  CHECK(MatchFile("a_unix.go", ""));
  CHECK(!MatchFile("dir/_a.go", ""));
  CHECK(!MatchFile("a.go", "// hello\n\n//go:build windows\n\npackage p"));
  CHECK(MatchFile("a.go", "/* x */ //go:build ignore\npackage p\n//go:build windows\n") == false);
  CHECK(MatchFile("a.go", "package p\n//go:build windows\n"));
  CHECK(EvaluateConstraint("//go:build (linux || darwin) && !cgo && go1.26") == true);
  CHECK(EvaluateConstraint("//go:build go1.27 || race") == false);
  CHECK(EvaluateConstraint("//go:build unix && amd64 && gc && goexperiment.greenteagc") == true);
  CHECK(EvaluateConstraint("//go:build linux &&") == std::nullopt);
  CHECK(ConstraintGoVersion("//go:build (linux && go1.22) || (windows && go1.20)") == "go1.20");
  CHECK(ConstraintGoVersion("//go:build !go1.22") == "");
}

TEST_CASE("the Go distribution parses") {
  const char* env = std::getenv("GOROOT");
  std::filesystem::path root = env != nullptr ? env : "/usr/local/go";
  if (!std::filesystem::exists(root / "src/fmt")) {
    MESSAGE("no Go distribution at ", root.string(), ": not tested against its sources");
    return;
  }
  int files = 0, nodes = 0;
  for (std::string dir :
       {"fmt", "strconv", "strings", "os", "reflect", "sync", "time", "unicode", "runtime", "slices", "maps",
        "sort", "errors", "io", "math", "bytes", "internal/abi", "iter", "context"}) {
    for (const auto& entry : std::filesystem::directory_iterator(root / "src" / dir)) {
      if (entry.path().extension() != ".go") continue;
      std::ifstream in(entry.path());
      std::stringstream text;
      text << in.rdbuf();
      CAPTURE(entry.path().string());
      Parsed eager(text.str(), {.std = true, .runtime = true});
      CHECK(eager.Errors() == "");
      Parsed lazy(text.str(), {.lazy_bodies = true, .std = true, .runtime = true});
      for (Decl* d : lazy.file->decls)
        if (FuncDecl* f = As<FuncDecl>(d)) ParseBody(lazy.context, f);
      CHECK(lazy.Errors() == "");
      CHECK(lazy.file->eof == eager.file->eof);
      int count = CountNodes(eager.file);
      CHECK(CountNodes(lazy.file) == count);
      ++files;
      nodes += count;
    }
  }
  CHECK(files > 500);
  CHECK(nodes > 100000);
}
