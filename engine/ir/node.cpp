#include "engine/ir/node.h"

#include "engine/ir/name.h"
#include "engine/ir/symbol.h"
#include "engine/ir/type.h"

namespace escapement::ir {

List ChildrenIn(Node* n, Part part) {
  switch (part) {
    case Part::kInit:
      return n->init;
    case Part::kX:
      return {&n->x, 1};
    case Part::kY:
      return {&n->y, 1};
    case Part::kZ:
      return {&n->z, 1};
    case Part::kW:
      return {&n->w, 1};
    case Part::kList:
      return n->list;
    case Part::kRlist:
      return n->rlist;
    case Part::kBody:
      return n->body;
    case Part::kEnd:
      break;
  }
  return {};
}

Node* ShallowCopy(base::Arena& arena, const Node* n) {
  Node* copy = arena.New<Node>(*n);
  for (List* list : {&copy->init, &copy->list, &copy->rlist, &copy->body})
    *list = arena.Copy(std::span<Node* const>(*list));
  return copy;
}

Node* DeepCopy(base::Arena& arena, SrcPos pos, Node* n) {
  switch (n->op) {
    case kName:
    case kLiteral:
    case kNil:
    case kType:
      return n;
    default:
      break;
  }
  Node* copy = ShallowCopy(arena, n);
  if (pos.valid()) copy->pos = pos;
  EditChildren(copy, [&](Node* c) { return DeepCopy(arena, pos, c); });
  return copy;
}

bool Name::IsBlank() const {
  return text() == "_";
}
std::string_view Name::text() const {
  return name_sym != nullptr ? name_sym->text() : std::string_view();
}

bool IsBlank(const Node* n) {
  if (n == nullptr) return false;
  if (n->op == kName) return n->AsName()->IsBlank();
  return n->op == kNoName && n->sym != nullptr && n->sym->text() == "_";
}

Node* OuterValue(Node* n) {
  for (;;) {
    switch (n->op) {
      case kDot:
      case kParen:
      case kConvNop:
        n = n->x;
        continue;
      case kIndex:
        if (n->x->type != nullptr && n->x->type->IsArray()) {
          n = n->x;
          continue;
        }
        return n;
      default:
        return n;
    }
  }
}

}  // namespace escapement::ir
