#include "engine/vet/printf_check.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "engine/base/unicode.h"
#include "engine/syntax/walk.h"
#include "engine/types/context.h"
#include "engine/types/lookup.h"
#include "engine/types/predicates.h"
#include "engine/types/printing.h"
#include "engine/types/typeset.h"
#include "engine/vet/argument_type.h"
#include "engine/vet/format.h"
#include "engine/vet/gofmt_expr.h"
#include "engine/vet/wrappers.h"

namespace escapement::vet {

using namespace types;
using diag::Pos;

namespace {

// A verb of fmt: its flags and the kinds of arguments it takes.
struct Verb {
  char32_t verb;
  std::string_view flags;
  uint16_t takes;
};

constexpr std::string_view kNumberFlags = " -+.0", kAllFlags = " -+.0#";
constexpr uint16_t kNumbers = kTakesFloat | kTakesComplex;
constexpr Verb kVerbs[] = {
    {'%', "", 0},
    {'b', kAllFlags, kTakesInt | kNumbers | kTakesPointer},
    {'c', "-", kTakesRune | kTakesInt},
    {'d', kNumberFlags, kTakesInt | kTakesPointer},
    {'e', kAllFlags, kNumbers},
    {'E', kAllFlags, kNumbers},
    {'f', kAllFlags, kNumbers},
    {'F', kAllFlags, kNumbers},
    {'g', kAllFlags, kNumbers},
    {'G', kAllFlags, kNumbers},
    {'o', kAllFlags, kTakesInt | kTakesPointer},
    {'O', kAllFlags, kTakesInt | kTakesPointer},
    {'p', "-#", kTakesPointer},
    {'q', kAllFlags, kTakesRune | kTakesInt | kTakesString},
    {'s', kNumberFlags, kTakesString},
    {'t', "-", kTakesBool},
    {'T', "-", kTakesAnything},
    {'U', "-#", kTakesRune | kTakesInt},
    {'v', kAllFlags, kTakesAnything},
    {'w', kAllFlags, kTakesError},
    {'x', kAllFlags, kTakesRune | kTakesInt | kTakesString | kTakesPointer | kNumbers},
    {'X', kAllFlags, kTakesRune | kTakesInt | kTakesString | kTakesPointer | kNumbers},
};

const Verb* FindVerb(char32_t verb) {
  const Verb* found =
      std::find_if(std::begin(kVerbs), std::end(kVerbs), [&](const Verb& v) { return v.verb == verb; });
  return found != std::end(kVerbs) ? found : nullptr;
}

// "1 arg", "2 args".
std::string Args(size_t n) {
  return std::to_string(n) + (n == 1 ? " arg" : " args");
}

std::string RuneText(char32_t rune) {
  std::string out;
  base::AppendRune(out, rune);
  return out;
}

// Where the byte `offset` of a string literal's value stands in the source, as go vet counts: an escaped byte
// has the length of the rune of its number, and a raw literal has escapes too, a malformed one ending it.
Pos InLiteral(const syntax::BasicLit* literal, size_t offset) {
  const std::string_view text = literal->text;
  std::string_view rest = text.substr(1, text.size() - 2);
  for (size_t value = 0; value < offset && !rest.empty();) {
    if (rest[0] == '\n') {  // of a raw literal
      rest.remove_prefix(1);
      ++value;
    } else if (auto c = base::UnquoteChar(rest, text[0])) {
      value += RuneText(c->value).size();
    } else {
      rest = {};
    }
  }
  const std::string_view before = text.substr(0, text.size() - 1 - rest.size());
  const size_t newline = before.rfind('\n');
  Pos pos = literal->pos;
  pos.line += static_cast<uint32_t>(std::count(before.begin(), before.end(), '\n'));
  if (newline == std::string_view::npos) {
    pos.col = static_cast<uint16_t>(pos.col + before.size());
  } else {
    pos.col = static_cast<uint16_t>(before.size() - newline);
  }
  return pos;
}

// Checks the calls of one package.
class Checks {
 public:
  Checks(Checker& checker, Package* package)
      : checker_(checker), package_(package), wrappers_(checker, package, out_) {}

  std::vector<diag::Diagnostic> Run() {
    for (syntax::File* file : package_->files) {
      version_ = FileVersion(package_, file);
      for (syntax::Decl* decl : file->decls) {
        auto* func = syntax::As<syntax::FuncDecl>(static_cast<syntax::Node*>(decl));
        function_ = func != nullptr ? As<Func>(func->name->object) : nullptr;
        Walk(decl);
      }
    }
    return std::move(out_);
  }

 private:
  Context& c() { return checker_.context(); }

  void Walk(syntax::Node* node) {
    if (auto* call = syntax::As<syntax::CallExpr>(node)) Call(call);
    syntax::ForEachChild(node, [this](syntax::Node* child) { Walk(child); });
  }

  void Call(const syntax::CallExpr* call) {
    Object* callee = Callee(call);
    if (callee == nullptr) return;
    const PrintKind kind = wrappers_.KindOf(callee);
    if (kind == PrintKind::kNone) return;
    name_ = FullName(callee);
    call_ = call;
    if (kind == PrintKind::kPrint) {
      Print();
    } else {
      Printf(kind);
    }
  }

  void Warn(Pos pos, const std::string& what) {
    out_.push_back({pos, diag::Severity::kWarning, false, name_ + " " + what});
  }
  void WarnCall(const std::string& what) { Warn(syntax::StartPos(call_), what); }
  std::string Text(const syntax::Expr* x) { return GofmtExpr(x, c().files); }

  // ---- Print and Println

  void Print() {
    auto* sig = Under<Signature>(call_->fun->type);
    if (sig == nullptr || !sig->variadic) return;
    const size_t first = sig->param_vars().size() - 1;
    auto* elem = As<Interface>(Unalias(static_cast<Slice*>(sig->param_vars()[first]->type)->elem));
    if (elem == nullptr || !TypeSetOf(elem)->IsAll() || call_->args.size() <= first) return;
    const std::span<syntax::Expr* const> args = call_->args.subspan(first);
    if (first == 0) StandardFile(args[0]);
    std::string_view text;
    if (StringConstant(args[0], &text)) {
      if (text.ends_with('%')) text.remove_suffix(1);  // of a percentage
      if (std::string_view found = FindDirective(text); !found.empty())
        WarnCall("call has possible Printf formatting directive " + std::string(found));
    }
    if (name_.ends_with("ln") && StringConstant(args.back(), &text) && text.ends_with('\n'))
      WarnCall("arg list ends with redundant newline");
    for (syntax::Expr* arg : args) {
      if (IsFunction(arg)) WarnCall("arg " + Text(arg) + " is a func value, not called");
      if (const Func* method = RecursiveText(arg))
        WarnCall("arg " + Text(arg) + " causes recursive call to " + FullName(method) + " method");
    }
  }

  // fmt.Println(os.Stderr, …), where Fprintln is meant.
  void StandardFile(const syntax::Expr* arg) {
    const auto* sel = syntax::As<syntax::SelectorExpr>(static_cast<const syntax::Node*>(arg));
    if (sel == nullptr) return;
    const auto* package = syntax::As<syntax::Name>(static_cast<const syntax::Node*>(sel->x));
    if (package != nullptr && package->text() == "os" && sel->sel->text().starts_with("Std"))
      WarnCall("does not take io.Writer but has first arg " + Text(arg));
  }

  // ---- Printf and Errorf

  void Printf(PrintKind kind) {
    auto* sig = As<Signature>(call_->fun->type);
    if (sig == nullptr || !sig->variadic || sig->param_vars().size() < 2) return;
    const size_t at = sig->param_vars().size() - 2;
    if (at >= call_->args.size()) return;
    const syntax::Expr* format_arg = call_->args[at];
    std::string_view format;
    if (!StringConstant(format_arg, &format)) {
      if (at + 1 == call_->args.size() && version_ >= 24)
        out_.push_back({syntax::StartPos(format_arg), diag::Severity::kWarning, false,
                        "non-constant format string in call to " + name_});
      return;
    }
    first_ = at + 1;
    if (format.find('%') == std::string_view::npos) {
      if (call_->args.size() > first_)
        Warn(syntax::StartPos(call_->args[first_]), "call has arguments but no formatting directives");
      return;
    }
    std::string error;
    const std::vector<Directive> directives = ParseFormat(format, static_cast<int>(first_), &error);
    if (!error.empty()) return Warn(syntax::StartPos(format_arg), error);

    last_ = first_ - 1;
    for (const Directive& directive : directives) {
      Pos pos = syntax::StartPos(format_arg);
      if (const auto* literal = syntax::As<syntax::BasicLit>(static_cast<const syntax::Node*>(format_arg)))
        pos = InLiteral(literal, directive.begin);
      // One mistake of a format is enough.
      if (!Fits(directive, pos)) return;
      if (directive.verb == 'w' && kind != PrintKind::kErrorf)
        return Warn(pos, "does not support error-wrapping directive %w");
    }
    const size_t count = call_->args.size();
    if (call_->has_dots && last_ + 2 >= count) return;
    if (std::any_of(directives.begin(), directives.end(), [](const Directive& d) { return d.indexed; }))
      return;
    if (last_ + 1 < count)
      WarnCall("call needs " + Args(last_ + 1 - first_) + " but has " + Args(count - first_));
  }

  // Whether nothing speaks against a directive and its arguments; else it has been said.
  bool Fits(const Directive& d, Pos pos) {
    const std::string format = "format " + std::string(d.text);
    const Verb* verb = FindVerb(d.verb);
    uint16_t takes = verb != nullptr ? verb->takes : 0;
    // Of the integers, %q is for runes and bytes alone since go1.26.
    if (d.verb == 'q' && version_ >= 26) takes = kTakesRune | kTakesByte | kTakesString;
    const bool formatter = takes != kTakesError && static_cast<size_t>(d.argument) < call_->args.size() &&
                           IsFormatter(c(), ArgType(call_->args[static_cast<size_t>(d.argument)]));
    if (!formatter) {
      if (verb == nullptr) return No(pos, format + " has unknown verb " + RuneText(d.verb));
      for (char flag : d.flags)
        if (flag != '0' && verb->flags.find(flag) == std::string_view::npos)
          return No(pos, format + " has unrecognized flag " + flag);
    }
    for (int size : {d.width, d.precision})
      if (size != kNoArgument && !SizeFits(format, size, pos)) return false;
    for (int size : {d.width, d.precision})
      if (size != kNoArgument) last_ = std::max(last_, static_cast<size_t>(size));
    if (d.verb == '%') return true;
    last_ = std::max(last_, static_cast<size_t>(d.argument));
    if (formatter) return true;
    if (!IsThere(format, d.argument, pos)) return false;
    return ArgumentFits(format, d, takes, call_->args[static_cast<size_t>(d.argument)], pos);
  }

  // The argument of a *.
  bool SizeFits(const std::string& format, int size, Pos pos) {
    if (!IsThere(format, size, pos)) return false;
    syntax::Expr* arg = call_->args[static_cast<size_t>(size)];
    std::string reason;
    if (Suits(c(), ArgType(arg), kTakesInt, &reason)) return true;
    return No(pos, format + " uses non-int " + Text(arg) + Details(reason) + " as argument of *");
  }

  bool ArgumentFits(const std::string& format, const Directive& d, uint16_t takes, syntax::Expr* arg,
                    Pos pos) {
    if (IsFunction(arg) && d.verb != 'p' && d.verb != 'T')
      return No(pos, format + " arg " + Text(arg) + " is a func value, not called");
    std::string reason;
    if (!Suits(c(), ArgType(arg), takes, &reason))
      return No(pos, format + " has arg " + Text(arg) + " of wrong type " + TypeString(ArgType(arg)) +
                         Details(reason));
    // With # the methods are left alone, but by x, X and q.
    const bool methods =
        d.flags.find('#') == std::string_view::npos ||
        (d.verb < 0x80 && std::string_view("qxX").find(static_cast<char>(d.verb)) != std::string_view::npos);
    if ((takes & kTakesString) == 0 || d.verb == 'T' || !methods) return true;
    const Func* method = RecursiveText(arg);
    if (method == nullptr) return true;
    return No(pos,
              format + " with arg " + Text(arg) + " causes recursive " + FullName(method) + " method call");
  }

  // Whether the call has the argument where it can be seen.
  bool IsThere(const std::string& format, int argument, Pos pos) {
    const size_t at = static_cast<size_t>(argument), count = call_->args.size();
    if (at + 1 < count) return true;
    if (call_->has_dots) return false;
    if (at < count) return true;
    return No(pos, format + " reads arg #" + std::to_string(at + 1 - first_) + ", but call has " +
                       Args(count - first_));
  }

  bool No(Pos pos, const std::string& what) {
    Warn(pos, what);
    return false;
  }
  static std::string Details(const std::string& reason) { return reason.empty() ? "" : " (" + reason + ")"; }

  // ---- questions about arguments

  // The checker gives nil the type that it becomes; go vet sees an untyped nil.
  static Type* ArgType(const syntax::Expr* x) {
    return x->mode == Mode::kNilValue ? Typ(BasicKind::kUntypedNil) : x->type;
  }

  static bool StringConstant(const syntax::Expr* x, std::string_view* text) {
    if (x->value.kind() != base::ConstantKind::kString) return false;
    *text = x->value.StringVal();
    return true;
  }

  // A function that is not called; one of a named type may well have a String method.
  static bool IsFunction(const syntax::Expr* x) { return As<Signature>(x->type) != nullptr; }

  // The String or Error method that the argument is printed within and that printing it calls again; or null.
  const Func* RecursiveText(const syntax::Expr* arg) {
    Type* type = arg->type;
    if (type == nullptr || function_ == nullptr || IsFormatter(c(), type)) return nullptr;
    auto method = [&](std::string_view name) {
      return As<Func>(LookupFieldOrMethod(type, false, package_, c().Intern(name)).object);
    };
    const Func* within = nullptr;
    for (std::string_view name : {"String", "Error"})
      if (within == nullptr && method(name) == function_) within = function_;
    if (within == nullptr) return nullptr;
    const Signature* sig = within->signature();
    if (!sig->param_vars().empty() || sig->result_vars().size() != 1 ||
        sig->result_vars()[0]->type != Typ(BasicKind::kString))
      return nullptr;
    if (const auto* address = syntax::As<syntax::Operation>(static_cast<const syntax::Node*>(arg));
        address != nullptr && address->y == nullptr && address->op == syntax::Operator::kAnd)
      arg = address->x;
    const auto* name = syntax::As<syntax::Name>(static_cast<const syntax::Node*>(arg));
    return name != nullptr && name->object == sig->recv ? within : nullptr;
  }

  Checker& checker_;
  Package* package_;
  std::vector<diag::Diagnostic> out_;
  Wrappers wrappers_;
  uint16_t version_ = 0;            // of the file's language
  const Func* function_ = nullptr;  // the declared function that is gone through
  // The call under check:
  const syntax::CallExpr* call_ = nullptr;
  std::string name_;  // of what it calls
  size_t first_ = 0;  // the argument behind the format
  size_t last_ = 0;   // the last argument that a directive uses
};

}  // namespace

std::vector<diag::Diagnostic> CheckPrintf(Checker& checker, Package* package) {
  return Checks(checker, package).Run();
}

}  // namespace escapement::vet
