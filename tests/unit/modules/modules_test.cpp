// Where the packages of a program come from: go.mod files, version selection, headers, embedded files.
#include <doctest/doctest.h>

#include "engine/modules/embed.h"
#include "engine/modules/example_output.h"
#include "engine/modules/header.h"
#include "engine/modules/mod_file.h"
#include "engine/modules/module_graph.h"
#include "engine/modules/program.h"

namespace escapement::modules {

namespace {

struct NoLibrary : stdlib::LibrarySource {
  std::vector<stdlib::LibraryFile> Files(std::string_view path) override {
    if (path == "fmt") return {{"fmt/print.go", "package fmt\n"}};
    return {};
  }
  std::vector<std::string> Packages() override { return {"fmt"}; }
};

}  // namespace

TEST_CASE("paths are cleaned, joined and seen from elsewhere") {
  CHECK(Clean("/a/./b//../c/") == "/a/c");
  CHECK(Join("/a/b", "../c") == "/a/c");
  CHECK(DirectoryOf("/a") == "/");
  CHECK(BaseOf("/a/b.go") == "b.go");
  CHECK(Relative("/a/b", "/a/c/d.go") == "../c/d.go");
  CHECK(Relative("/a", "/a/d.go") == "d.go");
}

TEST_CASE("go.mod: blocks, comments, replacements") {
  ModFile file = ParseModFile(
      "module example.com/m // the module\n\ngo 1.21.3\n\nrequire (\n\ta.b/c v1.2.3 // indirect\n\td.e/f "
      "v0.1.0\n)\n"
      "replace a.b/c => ../c\nreplace d.e/f v0.1.0 => g.h/f v0.2.0\n");
  CHECK(file.module == "example.com/m");
  CHECK(file.go == 21);
  REQUIRE(file.require.size() == 2);
  CHECK(file.require[0].path == "a.b/c");
  CHECK(file.require[1].version == "v0.1.0");
  REQUIRE(file.replace.size() == 2);
  CHECK(file.replace[0].now.path == "../c");
  CHECK(file.replace[1].old.version == "v0.1.0");
  CHECK(ParseModFile("module m\n").go == 16);
}

TEST_CASE("versions are ordered as semantic versions are") {
  CHECK(CompareVersions("v1.2.3", "v1.10.0") < 0);
  CHECK(CompareVersions("v1.0.0-rc.1", "v1.0.0") < 0);
  CHECK(CompareVersions("v1.0.0", "v1.0.0") == 0);
  CHECK(GoMinor("1.26rc1") == 26);
  CHECK(GoMinor("2.0") == 0);
  CHECK(IsNewerGo("1.27", "1.26.8"));
  CHECK(IsNewerGo("1.26.10", "1.26.8"));
  CHECK(IsNewerGo("1.27rc1", "1.26.8"));
  CHECK_FALSE(IsNewerGo("1.26.8", "1.26.8"));
  CHECK_FALSE(IsNewerGo("1.26", "1.26.8"));
  CHECK_FALSE(IsNewerGo("", "1.26.8"));
  CHECK(CacheName("github.com/BurntSushi/toml") == "github.com/!burnt!sushi/toml");
}

TEST_CASE("a header is read up to the first declaration") {
  Header h = ScanHeader(
      "// Package p.\npackage p\n\nimport (\n\t\"fmt\"\n\tm \"math\"\n)\nimport . \"os\"\n\nvar x = 1\n");
  CHECK(h.package == "p");
  REQUIRE(h.imports.size() == 3);
  CHECK(h.imports[1].path == "math");
  CHECK(h.imports[1].line == 6);
  CHECK(h.imports[1].column == 2);
}

TEST_CASE("the output comment is the last one of an example") {
  const char* text = "func ExampleF() {\n\t// Output: no\n\tF()\n\t// Unordered output:\n\t// a\n\t// b\n}\n";
  std::string_view file = text;
  ExampleOutput out = FindExampleOutput(file, static_cast<uint32_t>(file.find('{')), 7, 1);
  CHECK(out.found);
  CHECK(out.unordered);
  CHECK(out.text.find("a\nb") != std::string::npos);
}

TEST_CASE("a module's packages, the module cache, and the highest required version") {
  MemoryTree tree;
  tree.Add("/src/go.mod", "module m\n\ngo 1.26\n\nrequire (\n\ta.b/c v1.0.0\n\td.e/f v1.0.0\n)\n");
  tree.Add("/src/main.go", "package main\n\nimport (\n\t\"a.b/c\"\n\t\"fmt\"\n\t\"m/own\"\n)\n");
  tree.Add("/src/own/own.go", "package own\n");
  tree.Add("/cache/a.b/c@v1.0.0/go.mod", "module a.b/c\n\ngo 1.20\n");
  tree.Add("/cache/cache/download/a.b/c/@v/v1.0.0.mod", "module a.b/c\n\ngo 1.20\n");
  tree.Add("/cache/a.b/c@v1.1.0/c.go", "package c\n");
  tree.Add("/cache/cache/download/a.b/c/@v/v1.1.0.mod", "module a.b/c\n\ngo 1.20\n");
  tree.Add("/cache/cache/download/d.e/f/@v/v1.0.0.mod", "module d.e/f\n\ngo 1.20\n\nrequire a.b/c v1.1.0\n");
  tree.Add("/cache/d.e/f@v1.0.0/f.go", "package f\n");
  NoLibrary library;
  ModuleGraph graph(tree, "/cache", false);
  REQUIRE(graph.Enter("/src"));
  CHECK(graph.main()->path == "m");
  CHECK(graph.Find("m/own").directory == "/src/own");
  CHECK(graph.Find("a.b/c").module->version == "v1.1.0");
  CHECK(graph.Find("x.y/z").module == nullptr);
  Program program(library, tree, graph, "/src");
  const Package* main = program.AtDirectory("/src");
  REQUIRE(main != nullptr);
  CHECK(main->name == "main");
  CHECK(program.ImportErrors(*main, false).empty());
  std::vector<const Package*> own = program.OwnDependencies(*main, false);
  REQUIRE(own.size() == 1);  // of the main module
  CHECK(own[0]->path == "m/own");
}

TEST_CASE("an embedded string is the file's text") {
  MemoryTree tree;
  tree.Add("/src/words.txt", "a \"b\"\n");
  std::vector<GoFile> files(1);
  files[0].name = "a.go";
  files[0].path = "/src/a.go";
  files[0].text = "package p\n\nimport _ \"embed\"\n\n//go:embed words.txt\nvar words string\n";
  files[0].header = ScanHeader(files[0].text);
  ApplyEmbeds(tree, "/src", "", files);
  CHECK(files[0].text.find("a \\\"b\\\"\\x0a") != std::string::npos);
}

}  // namespace escapement::modules
