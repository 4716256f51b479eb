#include "engine/ir/node.h"

#include "engine/ir/name.h"
#include "engine/ir/symbol.h"
#include "engine/ir/type.h"

namespace escapement::ir {

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
