// Name: a variable or a function as the IR mentions it (gc's ir.Name). One Name a
// declaration; a closure's own copy of a captured variable is a Name of its own.
#pragma once

#include "engine/ir/node.h"

namespace escapement::ir {

// Storage class of a name (gc's ir.Class).
enum class Class : uint8_t {
  kNone,
  kExtern,    // package-level variable, or linker symbol
  kAuto,      // local variable
  kAutoHeap,  // closure variable, or local moved to the heap
  kParam,
  kParamOut,  // result
  kFunc,
};

enum NameFlag : uint16_t {
  kNameReadonly = 1 << 0,
  kNameByval = 1 << 1,  // captured by value; kept on the canonical name
  kNameNeedzero = 1 << 2,
  kNameAutoTemp = 1 << 3,
  kNameUsed = 1 << 4,
  kNameClosureVar = 1 << 5,
  kNameAddrtaken = 1 << 6,
  kNameInlFormal = 1 << 7,  // made by inlining from a parameter or result
  kNameInlLocal = 1 << 8,   // made by inlining from a local
  kNameNonMergeable = 1 << 9,
  kNameOutputParamHeapAddr = 1 << 10,
  kNameBuiltin = 1 << 11,
};

struct Name : Node {
  Class cls = Class::kNone;
  uint16_t name_flags = 0;
  uint16_t dict_index = 0;  // 1 + entry of the dictionary that describes a variable's type
  const Sym* name_sym = nullptr;
  // kFunc: the function. Null for methods of interfaces.
  Func* fn = nullptr;
  // Local or extern: the initialising assignment (kAs, kAs2…); closure variable: the canonical Name;
  // case variable of a type switch: the kTypeSw; range variable: the kRange; select: the kSelRecv2.
  Node* defn = nullptr;
  Func* curfn = nullptr;     // the function that declares a local
  Name* outer = nullptr;     // closure variable: the enclosing function's copy
  Name* heapaddr = nullptr;  // local moved to the heap: the pointer to it (`&x`)
  int64_t offset = 0;        // frame offset, set by `lower`/codegen
  // The linker symbol of an extern that a //go:linkname renames; empty: package prefix + "." + name.
  std::string_view link_name;
  // The initial data of a read-only extern made by the compiler (dictionary), or null.
  const struct Dictionary* dictionary = nullptr;

  bool Is(NameFlag f) const { return (name_flags & f) != 0; }
  void Mark(NameFlag f, bool on = true) {
    name_flags = static_cast<uint16_t>(on ? name_flags | f : name_flags & ~f);
  }
  bool IsClosureVar() const { return Is(kNameClosureVar); }
  // The declaration this name stands for: through closure variables to the original.
  Name* Canonical() { return IsClosureVar() && defn != nullptr ? static_cast<Name*>(defn) : this; }
  bool Byval() { return Canonical()->Is(kNameByval); }
  bool IsLocal() const { return cls == Class::kAuto || cls == Class::kParam || cls == Class::kParamOut; }
  bool IsBlank() const;
  // The identifier, without package.
  std::string_view text() const;
};

inline Name* Node::AsName() {
  return static_cast<Name*>(this);
}
inline const Name* Node::AsName() const {
  return static_cast<const Name*>(this);
}
inline bool IsName(const Node* n) {
  return n != nullptr && n->op == kName;
}
// Whether n is the name of a variable (not a function).
inline bool IsVariable(const Node* n) {
  return IsName(n) && n->AsName()->cls != Class::kFunc;
}
// Whether n is the blank identifier (gc's ir.IsBlank).
bool IsBlank(const Node* n);
// The variable that holds the storage of n: through field selections and array indexing (ir.OuterValue).
Node* OuterValue(Node* n);

}  // namespace escapement::ir
