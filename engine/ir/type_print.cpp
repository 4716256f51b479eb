// How types are spelled (cmd/compile's types/fmt.go): in messages, in linker symbols,
// in run-time type strings.
#include <map>

#include "engine/ir/type.h"

namespace escapement::ir {

// strconv.Quote for struct tags.
static std::string Quote(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\r':
        out += "\\r";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
          const char* hex = "0123456789abcdef";
          out += "\\x";
          out += hex[(c >> 4) & 15];
          out += hex[c & 15];
        } else {
          out += c;
        }
    }
  }
  return out + "\"";
}

// A name without the ·N suffix of a function-scoped type.
static std::string_view WithoutVargen(std::string_view name) {
  size_t i = name.size();
  while (i > 0 && name[i - 1] >= '0' && name[i - 1] <= '9') --i;
  constexpr std::string_view kDot = "\u00b7";
  if (i >= kDot.size() && name.substr(i - kDot.size(), kDot.size()) == kDot)
    return name.substr(0, i - kDot.size());
  return name;
}

struct TypePrinter {
  TypeTable& table;
  TypeForm form;
  std::string out;
  std::map<const Type*, size_t> visited;  // types being printed: where their text starts

  // gc's verbs: v the ordinary form, S short (no package, no "func"), L fields with names.
  enum Verb { kV, kS };

  std::string_view Qualifier(const Package* pkg, Verb verb) {
    if (pkg == nullptr || verb == kS) return {};
    switch (form) {
      case TypeForm::kMessage:
        if (pkg == table.builtin_package() || pkg == table.local_package()) return {};
        return pkg->name.text();
      case TypeForm::kName:
        return pkg->name.text();
      case TypeForm::kLink:
        return pkg->prefix;
    }
    return {};
  }

  void Symbol(const Sym* s, Verb verb) {
    if (s == nullptr) {
      out += "<S>";
      return;
    }
    std::string_view q = Qualifier(s->pkg, verb);
    if (!q.empty()) {
      out += q;
      out += '.';
    }
    out += s->text();
  }

  void Print(const Type* t, Verb verb = kV) {
    if (t == nullptr) {
      out += "<T>";
      return;
    }
    if (auto it = visited.find(t); it != visited.end()) {
      out += '@' + std::to_string(it->second);
      return;
    }
    if (t->kind == Kind::kResults) {
      Struct(t);
      return;
    }
    bool respelled = t == table.ByteType() || t == table.RuneType() || t == table.AnyType();
    if (respelled && form != TypeForm::kMessage) {
      t = t->canon;
      respelled = false;
    }
    if (respelled || (t->sym != nullptr && t->sym->pkg == table.builtin_package())) {
      out += t->sym->text();
      return;
    }
    if (t->sym != nullptr) {
      Named(t, verb);
      return;
    }
    visited.emplace(t, out.size());
    Unnamed(t, verb);
    visited.erase(t);
  }

  void Named(const Type* t, Verb verb) {
    std::string_view name = t->sym->text();
    if (form != TypeForm::kLink) name = WithoutVargen(name);
    std::string_view q =
        t->kind == Kind::kUnsafePtr && t == table.UnsafePointer() ? "unsafe" : Qualifier(t->sym->pkg, verb);
    if (!q.empty()) {
      out += q;
      out += '.';
    }
    out += name;
  }

  void Unnamed(const Type* t, Verb verb) {
    switch (t->kind) {
      case Kind::kPtr:
        out += '*';
        Print(t->elem, form != TypeForm::kMessage && verb == kS ? kS : kV);
        break;
      case Kind::kArray:
        out += '[' + std::to_string(t->length) + ']';
        Print(t->elem);
        break;
      case Kind::kSlice:
        out += "[]";
        Print(t->elem);
        break;
      case Kind::kChan:
        Chan(t);
        break;
      case Kind::kMap:
        out += "map[";
        Print(t->key);
        out += ']';
        Print(t->elem);
        break;
      case Kind::kInter:
        Interface(t);
        break;
      case Kind::kFunc:
        Func(t, verb);
        break;
      case Kind::kStruct:
        Struct(t);
        break;
      case Kind::kForw:
        out += "undefined";
        break;
      default:
        out += "?";
        break;
    }
  }

  void Chan(const Type* t) {
    if (t->dir == ChanDir::kRecv) {
      out += "<-chan ";
    } else if (t->dir == ChanDir::kSend) {
      out += "chan<- ";
    } else {
      out += "chan ";
      if (t->elem->IsChan() && t->elem->sym == nullptr && t->elem->dir == ChanDir::kRecv) {
        out += '(';
        Print(t->elem);
        out += ')';
        return;
      }
    }
    Print(t->elem);
  }

  void Interface(const Type* t) {
    if (t->methods.empty()) {
      out += "interface {}";
      return;
    }
    TypeForm saved = form;
    out += "interface {";
    for (size_t i = 0; i < t->methods.size(); ++i) {
      if (i != 0) out += ';';
      out += ' ';
      const Sym* s = t->methods[i].sym;
      if (IsExported(s->text())) {
        Symbol(s, kS);
      } else {
        // gc goes on in this form for the rest of the interface.
        if (form != TypeForm::kName) form = TypeForm::kLink;
        Symbol(s, kV);
      }
      Print(t->methods[i].type, kS);
    }
    out += " }";
    form = saved;
  }

  void Params(std::span<const Field> params) {
    out += '(';
    for (size_t i = 0; i < params.size(); ++i) {
      if (i != 0) out += ", ";
      if (params[i].is_ddd) {
        out += "...";
        Print(params[i].type->elem);
      } else {
        Print(params[i].type);
      }
    }
    out += ')';
  }

  void Func(const Type* t, Verb verb) {
    if (verb != kS) {
      if (t->recv != nullptr) {
        out += "method";
        Params(std::span<const Field>(t->recv, 1));
        out += ' ';
      }
      out += "func";
    }
    Params(t->params);
    if (t->results.size() == 1) {
      out += ' ';
      Print(t->results[0].type);
    } else if (t->results.size() > 1) {
      out += ' ';
      Params(t->results);
    }
  }

  void Struct(const Type* t) {
    out += "struct {";
    for (size_t i = 0; i < t->fields.size(); ++i) {
      if (i != 0) out += ';';
      out += ' ';
      StructField(t->fields[i]);
    }
    if (!t->fields.empty()) out += ' ';
    out += '}';
  }

  void StructField(const Field& f) {
    const Sym* s = f.sym;
    std::string_view separator = " ";
    if (f.embedded != 0) {
      if (form == TypeForm::kLink) {
        separator = " = ";
        const Type* type = f.type->IsPtr() && f.type->sym == nullptr ? f.type->elem : f.type;
        const Sym* named = type->sym;
        if (named != nullptr && (s == named || (IsExported(named->text()) && s->text() == named->text())))
          s = nullptr;
      } else {
        s = nullptr;
      }
    }
    if (s != nullptr) {
      if (!IsExported(s->text()) && form != TypeForm::kName)
        Symbol(s, kV);
      else
        out += s->text();
      out += separator;
    }
    Print(f.type);
    if (!f.tag.empty()) {
      out += ' ';
      out += Quote(f.tag);
    }
  }
};

std::string TypeTable::Print(const Type* t, TypeForm form) {
  TypePrinter p{*this, form, {}, {}};
  p.Print(t);
  return std::move(p.out);
}

std::string TypeTable::PrintSignature(const Type* t, TypeForm form) {
  TypePrinter p{*this, form, {}, {}};
  p.Print(t, TypePrinter::kS);
  return std::move(p.out);
}

std::string TypeTable::PrintReceiver(const Type* t) {
  TypePrinter p{*this, TypeForm::kLink, {}, {}};
  p.Print(t, TypePrinter::kS);
  return t->IsPtr() && t->sym == nullptr ? "(" + p.out + ")" : std::move(p.out);
}

std::string TypeTable::PrintSym(const Sym* s, TypeForm form) {
  TypePrinter p{*this, form, {}, {}};
  p.Symbol(s, TypePrinter::kV);
  return std::move(p.out);
}

}  // namespace escapement::ir
