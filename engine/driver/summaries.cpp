#include "engine/driver/summaries.h"

#include <charconv>
#include <utility>

#include "engine/types/object.h"

namespace escapement::driver {

namespace {

constexpr std::string_view kTagPrefix = "esc:";

// The text up to `end`, which goes too; all of it where there is no end.
std::string_view Take(std::string_view& rest, char end) {
  size_t at = rest.find(end);
  std::string_view taken = rest.substr(0, at);
  rest.remove_prefix(at == std::string_view::npos ? rest.size() : at + 1);
  return taken;
}

int32_t ToNumber(std::string_view digits) {
  int32_t n = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), n);
  return n;
}

// "-" where a value leaks in every way, else a letter a byte.
std::string TagLetters(std::string_view tag) {
  if (tag.substr(0, kTagPrefix.size()) != kTagPrefix) return "-";
  std::string out;
  for (char c : tag.substr(kTagPrefix.size())) out += static_cast<char>('a' + c);
  return out;
}

void PutCount(std::string& out, uint32_t n) {
  for (; n >= 0x80; n >>= 7) out += static_cast<char>(n | 0x80);
  out += static_cast<char>(n);
}

std::string TagOf(std::string_view letters) {
  if (letters == "-") return {};
  std::string tag(kTagPrefix);
  for (char c : letters) tag += static_cast<char>(c - 'a');
  return tag;
}

}  // namespace

bool Summaries::IsKept(const ir::Func* fn) {
  return fn->source != nullptr && fn->source->pkg != nullptr && fn->source->pkg->is_library &&
         fn->targs.empty() && fn->closure == nullptr && fn->wrapped == nullptr;
}

const Summaries::Known* Summaries::Find(const types::Func* func) {
  if (auto known = known_.find(func); known != known_.end()) return &known->second;
  const Package& package = PackageOf(func->pkg->path);
  uint32_t kind = func->order - 1 < package.kind_of.size() ? package.kind_of[func->order - 1] : 0;
  return kind != 0 ? &package.kinds[kind - 1] : nullptr;
}

Summaries::Package& Summaries::PackageOf(std::string_view import_path) {
  auto [package, added] = packages_.try_emplace(std::string(import_path));
  if (added) Read(source_.Summaries(import_path), package->second);
  return package->second;
}

const std::string* Summaries::InlinedIn(std::string_view import_path) {
  const Package& package = PackageOf(import_path);
  return package.known ? &package.inlined : nullptr;
}

const Summaries::Known* Summaries::Find(const ir::Func* fn) {
  return IsKept(fn) ? Find(fn->source) : nullptr;
}

bool Summaries::Fill(ir::Func* fn) {
  const Known* known = Find(fn);
  if (known == nullptr) return false;
  fn->summary = known->summary;
  return true;
}

void Summaries::Keep(const std::vector<ir::Func*>& group) {
  std::vector<const ir::Func*> kept;
  for (const ir::Func* fn : group)
    if (IsKept(fn)) kept.push_back(fn);
  uint32_t number = kept.size() > 1 ? ++groups_ : 0;
  for (const ir::Func* fn : kept)
    if (Find(fn) == nullptr) known_.emplace(fn->source, Known{fn->summary, number});
}

bool Summaries::Together(const ir::Func* a, const ir::Func* b) {
  const Known *one = Find(a), *other = Find(b);
  return one != nullptr && other != nullptr && one->group != 0 && one->group == other->group;
}

std::string Summaries::Write(const types::Package& package, std::string_view inlined) {
  std::unordered_map<std::string, uint32_t> kinds;
  std::unordered_map<uint32_t, uint32_t> groups;  // counted anew in each package
  std::string lines, objects;
  for (const types::Object* object : package.objects) {
    const auto* func = types::As<types::Func>(object);
    const Known* known = func != nullptr ? Find(func) : nullptr;
    if (known == nullptr) {
      PutCount(objects, 0);
      continue;
    }
    const ir::Summary& s = known->summary;
    std::string kind = s.inlinable ? std::to_string(s.inline_cost) : "-";
    kind += s.inlinable && s.can_delay_results ? " d " : "  ";
    for (const std::string& tag : s.param_tags) kind += TagLetters(tag) + ",";
    kind += " ";
    if (known->group != 0) {
      auto number = groups.try_emplace(known->group, static_cast<uint32_t>(groups.size() + 1)).first->second;
      kind += std::to_string(number);
    }
    auto [index, added] = kinds.try_emplace(kind, static_cast<uint32_t>(kinds.size() + 1));
    if (added) lines += kind + "\n";
    PutCount(objects, index->second);
  }
  return std::string(inlined) + "\n" + lines + "\n" + objects;
}

void Summaries::Read(std::string_view text, Package& package) {
  const uint32_t first_group = groups_;
  package.known = !text.empty();
  for (;;) {
    std::string_view line = Take(text, '\n');
    if (line.empty()) break;
    (package.inlined += line) += '\n';
  }
  while (!text.empty()) {
    std::string_view line = Take(text, '\n');
    if (line.empty()) break;
    Known& known = package.kinds.emplace_back();
    ir::Summary& summary = known.summary;
    summary.computed = true;
    std::string_view cost = Take(line, ' ');
    summary.inlinable = cost != "-";
    if (summary.inlinable) summary.inline_cost = ToNumber(cost);
    summary.can_delay_results = Take(line, ' ') == "d";
    std::string_view tags = Take(line, ' ');
    while (!tags.empty()) summary.param_tags.push_back(TagOf(Take(tags, ',')));
    if (line.empty()) continue;
    known.group = first_group + static_cast<uint32_t>(ToNumber(line));
    groups_ = std::max(groups_, known.group);
  }
  uint32_t kind = 0;
  int shift = 0;
  for (char c : text) {
    kind |= (static_cast<uint8_t>(c) & 0x7fu) << shift;
    shift += 7;
    if ((c & 0x80) != 0 && shift < 28) continue;
    package.kind_of.push_back(kind <= package.kinds.size() ? kind : 0);
    kind = 0;
    shift = 0;
  }
}

}  // namespace escapement::driver
