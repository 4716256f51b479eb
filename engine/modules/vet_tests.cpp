#include "engine/modules/vet_tests.h"

#include <algorithm>

#include "engine/modules/example_output.h"
#include "engine/modules/function_reader.h"
#include "engine/modules/test_main.h"

namespace escapement::modules {

namespace {

// Model: lower-case letters beyond ASCII are not known as such.
bool StartsLower(std::string_view text) {
  return !text.empty() && text[0] >= 'a' && text[0] <= 'z';
}

// The check of one package's files.
class TestVet {
 public:
  void File(const GoFile& file) {
    file_ = &file;
    for (syntax::FuncDecl* func : reader_.Functions(file)) {
      std::string_view name = func->name->text();
      if (name.starts_with("Example")) {
        ExampleName(func, std::string(name));
        ExampleOutputs(func);
      }
      for (std::string_view prefix : {"Test", "Benchmark", "Fuzz"})
        if (name.starts_with(prefix)) Name(func, std::string(name), prefix);
    }
  }

  std::string text;

 private:
  void Say(uint32_t line, uint32_t column, const std::string& sentence) {
    text += file_->shown + ":" + std::to_string(line) + ":" + std::to_string(column) + ": " + sentence + "\n";
  }

  void Name(const syntax::FuncDecl* func, const std::string& name, std::string_view prefix) {
    if (!TakesPointerTo(func, prefix.substr(0, 1))) return;
    if (StartsLower(std::string_view(name).substr(prefix.size())))
      Say(func->name->pos.line, func->name->pos.col,
          name + " has malformed name: first letter after '" + std::string(prefix) +
              "' must not be lowercase");
  }

  void ExampleName(const syntax::FuncDecl* func, const std::string& name) {
    auto say = [&](const std::string& sentence) { Say(func->pos.line, 1, name + sentence); };
    if (!func->type_expr->params.empty()) say(" should be niladic");
    if (!func->type_expr->results.empty()) say(" should return nothing");
    if (!func->tparams.empty()) say(" should not have type params");
    std::string rest = name.substr(std::string_view("Example").size());
    size_t first = rest.find('_');
    if (first == std::string::npos) return;
    // ExampleT_Method_suffix, Example_suffix.
    size_t second = rest.find('_', first + 1);
    if (first != 0 && second == std::string::npos) return;
    std::string suffix = rest.substr((first == 0 ? first : second) + 1);
    if (!StartsLower(suffix)) say(" has malformed example suffix: " + suffix);
  }

  void ExampleOutputs(const syntax::FuncDecl* func) {
    if (!func->has_body) return;
    std::vector<ExampleComment> comments =
        FindExampleComments(file_->text, func->body_offset, func->body_rbrace.line, func->body_rbrace.col);
    auto outputs = std::count_if(comments.begin(), comments.end(), [](const auto& c) { return c.is_output; });
    const char* sentence = outputs > 1 ? "there can only be one output comment block per example"
                                       : "output comment block must be the last comment block";
    for (size_t i = 0; i + 1 < comments.size(); ++i) {
      if (!comments[i].is_output) continue;
      std::string_view before = std::string_view(file_->text).substr(0, comments[i].offset);
      auto line = std::count(before.begin(), before.end(), '\n') + 1;
      size_t start = before.rfind('\n');
      Say(static_cast<uint32_t>(line), static_cast<uint32_t>(before.size() - (start + 1)) + 1, sentence);
    }
  }

  const GoFile* file_ = nullptr;  // the file that is being read
  FunctionReader reader_;
};

}  // namespace

std::string VetTests(const std::vector<GoFile>& tests) {
  TestVet vet;
  for (const GoFile& file : tests) vet.File(file);
  return std::move(vet.text);
}

}  // namespace escapement::modules
