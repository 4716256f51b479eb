#include "engine/types/monomorph.h"

#include <algorithm>
#include <utility>

#include "engine/types/context.h"
#include "engine/types/errors.h"
#include "engine/types/object.h"
#include "engine/types/typeset.h"

namespace escapement::types {

namespace {

int NewVertex(MonoGraph& g, const TypeName* object) {
  int index = static_cast<int>(g.vertices.size());
  g.vertices.push_back({.object = object});
  g.vertex_of[object] = index;
  return index;
}

int TypeParamVertex(MonoGraph& g, const TypeParam* tparam) {
  auto canonical = g.canon.find(tparam);
  if (canonical != g.canon.end()) tparam = canonical->second;
  auto found = g.vertex_of.find(tparam->object);
  return found != g.vertex_of.end() ? found->second : NewVertex(g, tparam->object);
}

// The vertex of a type defined inside a generic function, or -1. It depends on all type
// parameters declared before it in the scopes around it.
int LocalNamedVertex(MonoGraph& g, const Package* pkg, Named* named) {
  const TypeName* object = Obj(named);
  if (object->pkg != pkg || object->parent == pkg->scope) return -1;
  auto found = g.vertex_of.find(object);
  if (found != g.vertex_of.end()) return found->second;
  int index = -1;
  for (const Scope* scope = object->parent; scope != nullptr && scope != pkg->scope; scope = scope->parent) {
    for (Object* o : scope->objects) {
      TypeName* name = As<TypeName>(o);
      if (name == nullptr || !(name->pos < object->pos)) continue;
      TypeParam* tparam = As<TypeParam>(name->type);
      if (tparam == nullptr) continue;
      if (index < 0) index = NewVertex(g, object);
      int src = TypeParamVertex(g, tparam);
      g.edges.push_back({index, src, 1, object->pos, tparam});
    }
  }
  g.vertex_of[object] = index;
  return index;
}

// Adds an edge to a type parameter from every type parameter and local type that its
// type argument mentions.
class Flow {
 public:
  Flow(MonoGraph& g, const Package* pkg, diag::Pos pos, TypeParam* tparam, Type* targ)
      : g_(g), pkg_(pkg), pos_(pos), tparam_(tparam), targ_(targ) {}

  void Walk(Type* type) {
    type = Unalias(type);
    switch (type->kind) {
      case TypeKind::kTypeParam:
        From(TypeParamVertex(g_, As<TypeParam>(type)), type);
        break;
      case TypeKind::kNamed: {
        Named* named = As<Named>(type);
        int src = LocalNamedVertex(g_, pkg_, named->origin);
        if (src >= 0) From(src, type);
        for (Type* t : named->targs) Walk(t);
        break;
      }
      case TypeKind::kArray:
        Walk(As<Array>(type)->elem);
        break;
      case TypeKind::kSlice:
        Walk(As<Slice>(type)->elem);
        break;
      case TypeKind::kPointer:
        Walk(As<Pointer>(type)->base);
        break;
      case TypeKind::kChan:
        Walk(As<Chan>(type)->elem);
        break;
      case TypeKind::kMap:
        Walk(As<Map>(type)->key);
        Walk(As<Map>(type)->elem);
        break;
      case TypeKind::kInterface:
        for (Func* method : TypeSetOf(As<Interface>(type))->methods) Walk(method->type);
        break;
      case TypeKind::kSignature:
        for (Var* v : As<Signature>(type)->param_vars()) Walk(v->type);
        for (Var* v : As<Signature>(type)->result_vars()) Walk(v->type);
        break;
      case TypeKind::kStruct:
        for (Var* v : As<Struct>(type)->fields) Walk(v->type);
        break;
      case TypeKind::kBasic:
      case TypeKind::kAlias:
      case TypeKind::kTuple:
      case TypeKind::kUnion:
        break;
    }
  }

 private:
  // The argument itself flows with weight 0, a part of it makes the parameter larger.
  void From(int src, Type* type) {
    int dst = TypeParamVertex(g_, tparam_);
    g_.edges.push_back({dst, src, type == targ_ ? 0 : 1, pos_, targ_});
  }

  MonoGraph& g_;
  const Package* pkg_;
  diag::Pos pos_;
  TypeParam* tparam_;
  Type* targ_;
};

// Reports the cycle on the path that ends at vertex v.
void ReportCycle(Context& c, int v) {
  const MonoGraph& g = c.mono;
  auto before = [&](int vertex) -> const MonoGraph::Edge& {
    return g.edges[static_cast<size_t>(g.vertices[static_cast<size_t>(vertex)].pre)];
  };
  // Back along the path until a vertex comes twice; what was seen before its first time
  // only hangs on the cycle.
  std::vector<int> path;
  while (std::find(path.begin(), path.end(), v) == path.end()) {
    path.push_back(v);
    v = before(v).src;
  }
  path.erase(path.begin(), std::find(path.begin(), path.end(), v));

  Report report(c);
  report.Add(g.vertices[static_cast<size_t>(v)].object, "instantiation cycle:");
  for (int vertex : path) {
    const MonoGraph::Edge& edge = before(vertex);
    const TypeName* object = g.vertices[static_cast<size_t>(edge.dst)].object;
    bool is_tparam = As<TypeParam>(object->type) != nullptr;
    report.Add(edge.pos, Text(c, object->name,
                              is_tparam ? " instantiated as " : " implicitly parameterized by ", edge.type));
  }
  report.Emit();
}

}  // namespace

void RecordCanon(Context& c, TypeParam* mpar, TypeParam* tpar) {
  c.mono.canon[mpar] = tpar;
}

void RecordMonoInstance(Context& c, Package* pkg, diag::Pos pos, std::span<TypeParam* const> tparams,
                        TypeList targs, std::span<syntax::Expr* const> xlist) {
  if (pkg->is_library && !c.verify_library) return;  // known to be correct
  for (size_t i = 0; i < tparams.size(); ++i) {
    // A cycle stays within a package: nothing imported can depend on this one.
    if (tparams[i]->object->pkg != pkg) continue;
    diag::Pos at = i < xlist.size() ? syntax::StartPos(xlist[i]) : pos;
    Flow(c.mono, pkg, at, tparams[i], targs[i]).Walk(targs[i]);
  }
}

// Bellman-Ford for the heaviest paths, until nothing changes or a path is as long as
// there are vertices: then it holds a cycle.
void Monomorph(Context& c) {
  MonoGraph& g = c.mono;
  for (bool again = true; again;) {
    again = false;
    for (size_t i = 0; i < g.edges.size(); ++i) {
      const MonoGraph::Edge& edge = g.edges[i];
      const MonoGraph::Vertex& src = g.vertices[static_cast<size_t>(edge.src)];
      MonoGraph::Vertex& dst = g.vertices[static_cast<size_t>(edge.dst)];
      int weight = src.weight + edge.weight;
      if (weight <= dst.weight) continue;
      dst.pre = static_cast<int>(i);
      dst.len = src.len + 1;
      if (dst.len == static_cast<int>(g.vertices.size())) {
        ReportCycle(c, edge.dst);
        return;
      }
      dst.weight = weight;
      again = true;
    }
  }
}

}  // namespace escapement::types
