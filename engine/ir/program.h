// Program: everything of one compilation: the arena of the trees, types, functions by
// link name, the inlining tree. A Unit is one package in it.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/ir/func.h"

namespace escapement::ir {

// One inlined call: where it was and what was inlined (obj.InlTree).
struct InlinedCall {
  uint32_t parent = 0;  // index + 1 of the call this one came from, or 0
  SrcPos pos;           // position of the call, in the function that contains it
  Func* func = nullptr;
};

// One word of a dictionary, in gc's order: method expressions of type parameters,
// subdictionaries, run-time types, itabs.
struct DictionaryEntry {
  enum class Kind : uint8_t { kMethodExpr, kSubdictionary, kType, kItab };
  Kind kind;
  Func* func = nullptr;         // kMethodExpr: its code pointer; null for a method of an interface
  const Sym* method = nullptr;  // kMethodExpr: type.method
  Name* dictionary = nullptr;   // kSubdictionary
  Type* type = nullptr;         // kType; kItab: the concrete type
  Type* iface = nullptr;        // kItab: the interface type; null: a nil word
};

// Read-only data of a `.dict.F[int]` symbol: one pointer an entry.
struct Dictionary {
  Name* name = nullptr;
  std::string link_name;
  std::vector<DictionaryEntry> entries;
};

// A package after noding.
struct Unit {
  types::Package* source = nullptr;
  Package* pkg = nullptr;
  std::vector<Func*> funcs;  // gc's target.Funcs: declared functions, closures behind their owner, instances
  std::vector<Name*> externs;  // package-level variables in declaration order
  Func* init = nullptr;        // variable initialisation in order, or null: body is kAs / kAs2… of externs
  std::vector<Func*> inits;    // user's init functions in order, `init` first
  std::vector<Type*> named_types;  // declared types whose descriptors and wrappers must exist
};

class Program {
 public:
  // `constants` is the session's pool: literals refer to it.
  Program(base::Interner& names, base::ConstantPool& constants);
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  base::Arena& arena() { return arena_; }
  base::Interner& names() { return names_; }
  base::ConstantPool& constants() { return constants_; }
  TypeTable& types() { return types_; }

  Func* NewFunc();
  // The function with this link name, or null.
  Func* FindFunc(std::string_view link_name);
  void Register(Func* fn);
  // All functions in order of creation.
  const std::deque<Func>& funcs() const { return funcs_; }
  std::deque<Func>& funcs() { return funcs_; }

  InlineInfo* NewInlineInfo() { return &inline_infos_.emplace_back(); }
  Dictionary* NewDictionary();
  const std::deque<Dictionary>& dictionaries() const { return dictionaries_; }

  std::vector<InlinedCall>& inlining_tree() { return inlining_tree_; }
  // Adds a call and returns the value for SrcPos::inl.
  uint32_t AddInlinedCall(SrcPos call_pos, Func* callee);
  // The outermost position of pos: where the first inlined call was (gc's OutermostPos).
  diag::Pos OutermostPos(SrcPos pos) const;
  diag::Pos InnermostPos(SrcPos pos) const { return pos.pos; }

  Node* NewNode(Op op, SrcPos pos, Type* type = nullptr) {
    Node* n = arena_.New<Node>();
    n->op = op;
    n->pos = pos;
    n->type = type;
    return n;
  }
  Name* NewName(SrcPos pos, const Sym* sym, Type* type, Class cls);
  // A local of fn, appended to its dcl (fn.NewLocal).
  Name* NewLocal(Func* fn, SrcPos pos, const Sym* sym, Type* type);
  // A temporary `.autotmp_N`, N being the length of fn's dcl (typecheck.TempAt).
  Name* NewTemp(Func* fn, SrcPos pos, Type* type);
  // fn's own copy of outer variable n (ir.NewClosureVar).
  Name* NewClosureVar(Func* fn, SrcPos pos, Name* n);
  List NewList(const std::vector<Node*>& nodes) { return arena_.Copy(nodes); }
  List NewList(std::initializer_list<Node*> nodes) {
    return arena_.Copy(std::span<Node* const>(nodes.begin(), nodes.size()));
  }

 private:
  base::Interner& names_;
  base::ConstantPool& constants_;
  base::Arena arena_;
  TypeTable types_;
  std::deque<Func> funcs_;
  std::deque<InlineInfo> inline_infos_;
  std::deque<Dictionary> dictionaries_;
  std::unordered_map<std::string, Func*> by_link_name_;
  std::vector<InlinedCall> inlining_tree_;
};

}  // namespace escapement::ir
