#include "engine/types/errors.h"

#include "engine/types/noder_checks.h"
#include "engine/types/printing.h"

namespace escapement::types {

void Append(Context&, std::string& out, std::string_view text) {
  out += text;
}
void Append(Context&, std::string& out, const char* text) {
  out += text;
}
void Append(Context&, std::string& out, const std::string& text) {
  out += text;
}
void Append(Context&, std::string& out, base::Name name) {
  out += name.text();
}
void Append(Context&, std::string& out, int64_t number) {
  out += std::to_string(number);
}
void Append(Context&, std::string& out, int number) {
  out += std::to_string(number);
}
void Append(Context&, std::string& out, size_t number) {
  out += std::to_string(number);
}
void Append(Context& c, std::string& out, Type* type) {
  out += TypeString(type, QualifierOf(c), &c.files);
}
void Append(Context& c, std::string& out, const Object* object) {
  out += ObjectString(object, QualifierOf(c));
}
void Append(Context&, std::string& out, const syntax::Node* node) {
  out += syntax::String(node);
}
void Append(Context& c, std::string& out, const Operand& x) {
  out += OperandString(c, x);
}
std::string PositionText(const diag::FileSet& files, diag::Pos pos) {
  std::string text = files.Print(pos);
  if (!pos.valid() || !pos.file.valid() || !files.file(pos.file).is_library) return text;
  size_t src = text.find("/src/");
  return src == std::string::npos ? text : "$GOROOT" + text.substr(src);
}

void Append(Context& c, std::string& out, diag::Pos pos) {
  out += PositionText(c.files, pos);
}
void Append(Context&, std::string& out, syntax::Operator op) {
  out += syntax::OperatorText(op);
}
void Append(Context& c, std::string& out, base::Constant value) {
  out += c.constants.String(value);
}

namespace {
template <typename List>
void AppendList(Context& c, std::string& out, const List& list) {
  out += '[';
  bool first = true;
  for (auto* item : list) {
    if (!first) out += ", ";
    first = false;
    Append(c, out, item);
  }
  out += ']';
}
}  // namespace

void Append(Context& c, std::string& out, TypeList types) {
  AppendList(c, out, types);
}
void Append(Context& c, std::string& out, std::span<TypeParam* const> tparams) {
  AppendList(c, out, tparams);
}
void Append(Context& c, std::string& out, std::span<syntax::Expr* const> exprs) {
  AppendList(c, out, exprs);
}

Report& Report::AddAlternative(const Object* other) {
  if (other->pos.valid()) Add(other, "other declaration of " + other->name.str());
  return *this;
}

std::string Report::message() const {
  std::string text;
  for (size_t i = 0; i < parts_.size(); ++i) {
    if (i > 0) {
      text += "\n\t";
      if (parts_[i].pos.valid()) {
        text += PositionText(c_.files, parts_[i].pos);
        text += ": ";
      }
    }
    text += parts_[i].text;
  }
  return text;
}

void Report::Emit(bool soft) {
  // An error about something invalid follows from one that was reported before.
  const std::string& first = parts_[0].text;
  auto mentions = [&](std::string_view what) {
    size_t at = first.find(what);
    return at != std::string::npos && at > 0;
  };
  if (c_.had_error && (mentions("invalid operand") || mentions("invalid type"))) {
    parts_.clear();
    return;
  }
  // Errors in an inherited constant initialiser belong to the constant that inherits it.
  diag::Pos at = c_.env.errpos.valid() ? c_.env.errpos : parts_[0].pos;
  std::string text = message();
  text += VersionHint(c_, at, text);
  diag::Diagnostic diagnostic{at, diag::Severity::kError, soft, std::move(text)};
  parts_.clear();
  diag::Emitter* emitter = c_.emitter;
  if (c_.env.pkg != nullptr && c_.env.pkg->is_library) {
    auto own = c_.emitters.find(c_.env.pkg);
    if (own != c_.emitters.end()) emitter = own->second;
  } else {
    c_.had_error = true;
  }
  if (emitter != nullptr) emitter->Add(std::move(diagnostic));
}

bool AllowVersion(const Context& c, int minor) {
  return c.env.version == 0 || c.env.version >= minor;
}

void VersionError(Context& c, At at, int minor, const std::string& what) {
  Error(c, at, what, " requires go1.", minor, " or later");
}

}  // namespace escapement::types
