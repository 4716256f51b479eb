// Where the program's own variables can be found while the function runs, for those who look at it.
#include <algorithm>

#include "engine/codegen/generator.h"

namespace escapement::codegen {

namespace {

// Functions with more variables than this share slots between them, as library code does.
constexpr size_t kMostKept = 200;

}  // namespace

bool Generator::IsShown(const Var* v) {
  if (v->shown == nullptr || v->shown->Is(ir::kNameAutoTemp)) return false;
  std::string_view name = v->shown->text();
  return !name.empty() && name != "_" && name[0] != '.' && name[0] != '~' && name[0] != '&';
}

// In the user's functions every variable keeps its slots to the end, so that its last value can be seen.
bool Generator::KeepsVariables() const {
  return fn_.symbol.text().substr(0, 5) == "main." &&
         std::count_if(fn_.vars.begin(), fn_.vars.end(), IsShown) <= static_cast<std::ptrdiff_t>(kMostKept);
}

void Generator::Touch(Var* v) {
  if (v->shown == nullptr) return;
  Place& p = places_[v->index];
  if (p.from == ~0u) {
    p.from = as_.next_word();
    arriving_.push_back(v);
  }
  p.until = std::max(p.until, as_.next_word() + 1);
}

void Generator::Arrive() {
  for (Var* v : arriving_) places_[v->index].from = as_.next_word();
  arriving_.clear();
}

void Generator::ListVariables() {
  uint32_t end = static_cast<uint32_t>(chunk_.code.size());
  for (Var* v : fn_.vars) {
    const Place& p = places_[v->index];
    bool in_frame = v->home == lower::Home::kFrame;
    if (!IsShown(v) || !p.planned || (p.from == ~0u && !v->is_param)) continue;
    uint32_t from = v->is_param ? 0 : std::min(p.from, end);
    uint32_t until = std::min(p.until, end);
    for (auto [start, stop] : loop_words_)
      if (from <= start && until > start) until = std::max(until, stop);
    bytecode::VariableKind kind = bytecode::VariableKind::kLocal;
    if (v->shown->IsClosureVar()) {
      kind = bytecode::VariableKind::kCaptured;
    } else if (v->shown->cls == ir::Class::kParam) {
      kind = bytecode::VariableKind::kParameter;
    } else if (v->shown->cls == ir::Class::kParamOut) {
      kind = bytecode::VariableKind::kResult;
    }
    chunk_.variables.push_back(
        {std::string(v->shown->text()), kind, in_frame, v->points, low_.data().ShownType(v->shown->type),
         in_frame ? static_cast<uint32_t>(p.frame) : static_cast<uint32_t>(p.slot), from, until,
         InlineNode(v->shown->pos.inl), files_.TypedLine(v->shown->pos.pos)});
  }
}

}  // namespace escapement::codegen
