// The generic visitors of node.h, driven by ops.def's shapes.
#pragma once

#include "engine/ir/node.h"

namespace escapement::ir {

template <typename F>
bool DoChildren(Node* n, F&& f) {
  auto one = [&](Node* c) { return c != nullptr && f(c); };
  auto all = [&](List list) {
    for (Node* c : list)
      if (c != nullptr && f(c)) return true;
    return false;
  };
  Shape shape = OpShape(n->op);
  if (shape == Shape::kNone) return false;
  if (all(n->init)) return true;
  switch (shape) {
    case Shape::kNone:
    case Shape::kLeaf:
      return false;
    case Shape::kX:
      return one(n->x);
    case Shape::kXY:
      return one(n->x) || one(n->y);
    case Shape::kXYZ:
      return one(n->x) || one(n->y) || one(n->z);
    case Shape::kXYZW:
      return one(n->x) || one(n->y) || one(n->z) || one(n->w);
    case Shape::kYX:
      return one(n->y) || one(n->x);
    case Shape::kList:
      return all(n->list);
    case Shape::kXList:
      return one(n->x) || all(n->list);
    case Shape::kXListY:
      return one(n->x) || all(n->list) || one(n->y);
    case Shape::kLists:
      return all(n->list) || all(n->rlist);
    case Shape::kXLists:
      return one(n->x) || all(n->list) || all(n->rlist);
    case Shape::kXListBody:
      return one(n->x) || all(n->list) || all(n->rlist) || all(n->body);
    case Shape::kXBody:
      return one(n->x) || all(n->body);
    case Shape::kXYBody:
      return one(n->x) || one(n->y) || all(n->body);
    case Shape::kXYZBody:
      return one(n->x) || one(n->y) || one(n->z) || all(n->body);
    case Shape::kXBodyR:
      return one(n->x) || all(n->body) || all(n->rlist);
    case Shape::kBodyList:
      return all(n->body) || all(n->list);
  }
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
  auto one = [&](Node*& c) {
    if (c != nullptr) c = f(c);
  };
  auto all = [&](List list) {
    for (Node*& c : list)
      if (c != nullptr) c = f(c);
  };
  Shape shape = OpShape(n->op);
  if (shape == Shape::kNone) return;
  all(n->init);
  switch (shape) {
    case Shape::kNone:
    case Shape::kLeaf:
      break;
    case Shape::kX:
      one(n->x);
      break;
    case Shape::kXY:
      one(n->x), one(n->y);
      break;
    case Shape::kXYZ:
      one(n->x), one(n->y), one(n->z);
      break;
    case Shape::kXYZW:
      one(n->x), one(n->y), one(n->z), one(n->w);
      break;
    case Shape::kYX:
      one(n->y), one(n->x);
      break;
    case Shape::kList:
      all(n->list);
      break;
    case Shape::kXList:
      one(n->x), all(n->list);
      break;
    case Shape::kXListY:
      one(n->x), all(n->list), one(n->y);
      break;
    case Shape::kLists:
      all(n->list), all(n->rlist);
      break;
    case Shape::kXLists:
      one(n->x), all(n->list), all(n->rlist);
      break;
    case Shape::kXListBody:
      one(n->x), all(n->list), all(n->rlist), all(n->body);
      break;
    case Shape::kXBody:
      one(n->x), all(n->body);
      break;
    case Shape::kXYBody:
      one(n->x), one(n->y), all(n->body);
      break;
    case Shape::kXYZBody:
      one(n->x), one(n->y), one(n->z), all(n->body);
      break;
    case Shape::kXBodyR:
      one(n->x), all(n->body), all(n->rlist);
      break;
    case Shape::kBodyList:
      all(n->body), all(n->list);
      break;
  }
}

}  // namespace escapement::ir
