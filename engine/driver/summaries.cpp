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

std::string TagOf(std::string_view letters) {
  if (letters == "-") return {};
  std::string tag(kTagPrefix);
  for (char c : letters) tag += static_cast<char>(c - 'a');
  return tag;
}

}  // namespace

bool Summaries::IsKept(const ir::Func* fn) {
  return fn->source != nullptr && fn->source->pkg != nullptr && fn->source->pkg->is_library &&
         fn->targs.empty() && fn->closure == nullptr && fn->wrapped == nullptr && fn->sym != nullptr &&
         fn->sym->pkg != nullptr;
}

Summaries::Package& Summaries::PackageOf(std::string_view import_path) {
  auto [package, added] = packages_.try_emplace(std::string(import_path));
  if (added) Read(source_.Summaries(import_path), package->second);
  return package->second;
}

Summaries::Known* Summaries::Find(const ir::Func* fn) {
  if (!IsKept(fn)) return nullptr;
  Package& package = PackageOf(fn->sym->pkg->path);
  auto known = package.find(fn->sym->text());
  return known == package.end() ? nullptr : &known->second;
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
    PackageOf(fn->sym->pkg->path).try_emplace(std::string(fn->sym->text()), Known{fn->summary, number});
}

bool Summaries::Together(const ir::Func* a, const ir::Func* b) {
  const Known *one = Find(a), *other = Find(b);
  return one != nullptr && other != nullptr && one->group != 0 && one->group == other->group;
}

std::string Summaries::Write(std::string_view import_path) {
  std::map<std::string, std::string> lines;
  std::unordered_map<uint32_t, uint32_t> numbers;  // groups, counted anew in each package
  for (const auto& [name, known] : PackageOf(import_path)) {
    const ir::Summary& s = known.summary;
    std::string kind = s.inlinable ? std::to_string(s.inline_cost) : "-";
    kind += s.inlinable && s.can_delay_results ? " d " : "  ";
    for (const std::string& tag : s.param_tags) kind += TagLetters(tag) + ",";
    std::string& line = lines[kind];
    line += " " + name;
    if (known.group == 0) continue;
    auto number = numbers.try_emplace(known.group, static_cast<uint32_t>(numbers.size() + 1)).first->second;
    line += " +" + std::to_string(number);
  }
  std::string out;
  for (const auto& [kind, names] : lines) out += kind + ":" + names + "\n";
  return out;
}

void Summaries::Read(std::string_view text, Package& package) {
  const uint32_t first_group = groups_;
  while (!text.empty()) {
    std::string_view line = Take(text, '\n');
    Known known;
    ir::Summary& summary = known.summary;
    summary.computed = true;
    std::string_view cost = Take(line, ' ');
    summary.inlinable = cost != "-";
    if (summary.inlinable) summary.inline_cost = ToNumber(cost);
    summary.can_delay_results = Take(line, ' ') == "d";
    std::string_view tags = Take(line, ':');
    while (!tags.empty()) summary.param_tags.push_back(TagOf(Take(tags, ',')));
    if (!line.empty()) line.remove_prefix(1);
    Known* last = nullptr;
    while (!line.empty()) {
      std::string_view word = Take(line, ' ');
      if (word[0] == '+' && last != nullptr) {
        last->group = first_group + static_cast<uint32_t>(ToNumber(word.substr(1)));
        groups_ = std::max(groups_, last->group);
      } else {
        last = &package.insert_or_assign(std::string(word), known).first->second;
      }
    }
  }
}

}  // namespace escapement::driver
