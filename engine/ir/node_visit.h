// The generic visitors of node.h, driven by ops.def's shapes.
#pragma once

#include "engine/ir/node.h"

namespace escapement::ir {

// The children in one of the fields of a node; those of a single child may be null.
List ChildrenIn(Node* n, Part part);

template <typename F>
bool DoChildren(Node* n, F&& f) {
  for (const Part* part = OpParts(n->op); *part != Part::kEnd; ++part)
    for (Node* c : ChildrenIn(n, *part))
      if (c != nullptr && f(c)) return true;
  return false;
}

template <typename F>
bool DoChildrenWithHidden(Node* n, F&& f) {
  if (DoChildren(n, f)) return true;
  if (n->hidden == nullptr) return false;
  for (Node* c : {n->hidden->rtype, n->hidden->type_word, n->hidden->src_rtype, n->hidden->value_type_word,
                  n->hidden->value_src_rtype})
    if (c != nullptr && f(c)) return true;
  return false;
}

template <typename F>
void EditChildren(Node* n, F&& f) {
  for (const Part* part = OpParts(n->op); *part != Part::kEnd; ++part)
    for (Node*& c : ChildrenIn(n, *part))
      if (c != nullptr) c = f(c);
}

}  // namespace escapement::ir
