// Labels and branches: every break, continue, goto and fallthrough finds its target,
// every label its use.
#include <algorithm>
#include <deque>
#include <unordered_map>
#include <vector>

#include "engine/syntax/parser_impl.h"

namespace escapement::syntax {

namespace {

struct Block {
  const Block* parent;
  Pos start;
  const LabeledStmt* labeled;  // the label of this block's statement, if any
};

struct Label {
  const Block* parent;  // where it is declared
  LabeledStmt* stmt;
  bool used = false;
};

// What break, continue and fallthrough mean at a place.
struct Targets {
  Stmt* breaks = nullptr;
  ForStmt* continues = nullptr;
  int case_index = -1;  // in the switch directly around, -1 if there is none
};

class BranchChecker {
 public:
  BranchChecker(const diag::FileSet& files, diag::Emitter& errors) : files_(files), errors_(errors) {}

  void CheckFunction(BlockStmt* body) {
    std::vector<BranchStmt*> unresolved = CheckBlock(nullptr, {}, nullptr, body->pos, body->list);
    for (BranchStmt* jump : unresolved) {
      if (Label* label = Find(jump->label->name)) {
        label->used = true;
        Error(jump->label->pos,
              "goto " + Text(jump->label) + " jumps into block starting at " + Print(label->parent->start));
      } else {
        Error(jump->label->pos, "label " + Text(jump->label) + " not defined");
      }
    }
    for (const Label* label : order_)
      if (!label->used)
        Error(label->stmt->label->pos, "label " + Text(label->stmt->label) + " defined and not used");
  }

 private:
  static std::string Text(const Name* name) { return std::string(name->text()); }
  // A position in the middle of a message: relative to a //line directive it is
  // followed by the place in the file.
  std::string Print(Pos pos) const {
    std::string relative = files_.Print(pos);
    const diag::SourceFile& file = files_.file(pos.file);
    if (file.line_directives.empty()) return relative;
    std::string absolute = file.name + ":" + std::to_string(pos.line) + ":" + std::to_string(pos.col);
    return relative == absolute ? relative : relative + "[" + absolute + "]";
  }
  void Error(Pos pos, std::string message) { errors_.Error(pos, std::move(message)); }
  Label* Find(base::Name name) {
    auto found = labels_.find(name);
    return found == labels_.end() ? nullptr : &found->second;
  }

  Label* Declare(const Block* block, LabeledStmt* stmt) {
    if (Label* other = Find(stmt->label->name)) {
      Error(stmt->label->pos,
            "label " + Text(stmt->label) + " already defined at " + Print(other->stmt->label->pos));
      return other;
    }
    Label* label = &labels_.emplace(stmt->label->name, Label{block, stmt}).first->second;
    order_.push_back(label);
    return label;
  }

  // The label if it is declared in the block or around it.
  LabeledStmt* GotoTarget(const Block* block, base::Name name) {
    Label* label = Find(name);
    if (label == nullptr) return nullptr;
    label->used = true;
    for (; block != nullptr; block = block->parent)
      if (label->parent == block) return label->stmt;
    return nullptr;
  }

  // The statement around the block that carries the label; *defined tells whether the
  // label exists at all.
  Stmt* EnclosingTarget(const Block* block, base::Name name, bool* defined) {
    Label* label = Find(name);
    *defined = label != nullptr;
    if (label == nullptr) return nullptr;
    label->used = true;
    for (; block != nullptr; block = block->parent)
      if (label->stmt == block->labeled) return label->stmt->stmt;
    return nullptr;
  }

  // State of one block while its statements are walked.
  struct Walk {
    const Block* block;
    Targets targets;
    const LabeledStmt* labeled = nullptr;
    Pos var_pos;  // the last variable declaration
    const Expr* var_name = nullptr;
    std::vector<BranchStmt*> forward;   // gotos to labels not seen yet
    std::vector<BranchStmt*> over_var;  // those that stood before var_pos

    void RecordVar(Pos pos, const Expr* name) {
      var_pos = pos;
      var_name = name;
      over_var = forward;
    }
  };

  // Returns the gotos that no label of the block resolves.
  std::vector<BranchStmt*> CheckBlock(const Block* parent, Targets targets, const LabeledStmt* labeled,
                                      Pos start, std::span<Stmt*> body) {
    Walk walk{&blocks_.emplace_back(Block{parent, start, labeled}), targets};
    // A fallthrough may be followed by empty statements and still be the last.
    while (!body.empty() && body.back()->kind == NodeKind::kEmptyStmt) body = body.first(body.size() - 1);
    for (size_t i = 0; i < body.size(); ++i) {
      walk.labeled = nullptr;
      Stmt* s = body[i];
      while (LabeledStmt* l = As<LabeledStmt>(s)) {
        if (l->label->text() != "_") {
          DeclareAndResolve(walk, l);
          walk.labeled = l;
        }
        s = l->stmt;
      }
      CheckStmt(walk, s, i + 1 == body.size());
    }
    return walk.forward;
  }

  void DeclareAndResolve(Walk& walk, LabeledStmt* l) {
    Label* label = Declare(walk.block, l);
    std::vector<BranchStmt*> rest;
    for (BranchStmt* jump : walk.forward) {
      if (jump->label->name != l->label->name) {
        rest.push_back(jump);
        continue;
      }
      jump->target = l;
      label->used = true;
      bool over = std::find(walk.over_var.begin(), walk.over_var.end(), jump) != walk.over_var.end();
      if (walk.var_pos.valid() && over)
        Error(jump->label->pos, "goto " + Text(jump->label) + " jumps over declaration of " +
                                    String(walk.var_name) + " at " + Print(walk.var_pos));
    }
    walk.forward = std::move(rest);
  }

  void Inner(Walk& walk, Targets targets, Pos start, std::span<Stmt*> body) {
    std::vector<BranchStmt*> jumps = CheckBlock(walk.block, targets, walk.labeled, start, body);
    walk.forward.insert(walk.forward.end(), jumps.begin(), jumps.end());
  }

  void CheckStmt(Walk& walk, Stmt* s, bool last) {
    Targets nested{walk.targets.breaks, walk.targets.continues, -1};
    switch (s->kind) {
      case NodeKind::kDeclStmt:
        for (const Decl* d : To<DeclStmt>(s)->decls) {
          if (const VarDecl* v = As<VarDecl>(d)) {
            walk.RecordVar(v->pos, v->names[0]);
            break;
          }
        }
        break;
      case NodeKind::kAssignStmt: {
        AssignStmt* a = To<AssignStmt>(s);
        if (a->op == Operator::kDef) walk.RecordVar(a->pos, a->lhs);
        break;
      }
      case NodeKind::kBranchStmt: {
        BranchStmt* b = To<BranchStmt>(s);
        if (b->label == nullptr)
          UnlabeledBranch(walk, b, last);
        else
          LabeledBranch(walk, b);
        break;
      }
      case NodeKind::kBlockStmt:
        Inner(walk, nested, s->pos, To<BlockStmt>(s)->list);
        break;
      case NodeKind::kIfStmt: {
        IfStmt* i = To<IfStmt>(s);
        Inner(walk, nested, i->then->pos, i->then->list);
        if (i->else_stmt != nullptr) Inner(walk, nested, i->else_stmt->pos, {&i->else_stmt, 1});
        break;
      }
      case NodeKind::kForStmt: {
        ForStmt* f = To<ForStmt>(s);
        Inner(walk, {f, f, -1}, f->body->pos, f->body->list);
        break;
      }
      case NodeKind::kSwitchStmt: {
        SwitchStmt* w = To<SwitchStmt>(s);
        int index = 0;
        for (CaseClause* c : w->body) Inner(walk, {w, walk.targets.continues, index++}, c->pos, c->body);
        break;
      }
      case NodeKind::kSelectStmt: {
        SelectStmt* w = To<SelectStmt>(s);
        for (CommClause* c : w->body) Inner(walk, {w, walk.targets.continues, -1}, c->pos, c->body);
        break;
      }
      default:
        break;
    }
  }

  void UnlabeledBranch(Walk& walk, BranchStmt* b, bool last) {
    switch (b->tok) {
      case Token::kBreak:
        b->target = walk.targets.breaks;
        if (b->target == nullptr) Error(b->pos, "break is not in a loop, switch, or select");
        break;
      case Token::kContinue:
        b->target = walk.targets.continues;
        if (b->target == nullptr) Error(b->pos, "continue is not in a loop");
        break;
      default: {
        std::string message = "fallthrough statement out of place";
        if (const SwitchStmt* w = As<SwitchStmt>(walk.targets.breaks)) {
          if (As<TypeSwitchGuard>(w->tag) != nullptr) {
            message = "cannot fallthrough in type switch";
          } else if (walk.targets.case_index >= 0 && last) {
            if (static_cast<size_t>(walk.targets.case_index) + 1 < w->body.size()) return;
            message = "cannot fallthrough final case in switch";
          }
        }
        Error(b->pos, message);
      }
    }
  }

  void LabeledBranch(Walk& walk, BranchStmt* b) {
    base::Name name = b->label->name;
    bool defined = false;
    switch (b->tok) {
      case Token::kBreak: {
        Stmt* t = EnclosingTarget(walk.block, name, &defined);
        if (!defined) {
          Error(b->label->pos, "break label not defined: " + Text(b->label));
        } else if (t != nullptr && (t->kind == NodeKind::kForStmt || t->kind == NodeKind::kSwitchStmt ||
                                    t->kind == NodeKind::kSelectStmt)) {
          b->target = t;
        } else {
          Error(b->label->pos, "invalid break label " + Text(b->label));
        }
        break;
      }
      case Token::kContinue: {
        Stmt* t = EnclosingTarget(walk.block, name, &defined);
        if (!defined) {
          Error(b->label->pos, "continue label not defined: " + Text(b->label));
        } else if (t != nullptr && t->kind == NodeKind::kForStmt) {
          b->target = t;
        } else {
          Error(b->label->pos, "invalid continue label " + Text(b->label));
        }
        break;
      }
      default:
        b->target = GotoTarget(walk.block, name);
        if (b->target == nullptr) walk.forward.push_back(b);
    }
  }

  const diag::FileSet& files_;
  diag::Emitter& errors_;
  std::unordered_map<base::Name, Label> labels_;
  std::vector<const Label*> order_;
  std::deque<Block> blocks_;
};

}  // namespace

void CheckBranches(BlockStmt* body, const diag::FileSet& files, diag::Emitter& errors) {
  BranchChecker(files, errors).CheckFunction(body);
}

}  // namespace escapement::syntax
