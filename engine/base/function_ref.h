// FunctionRef: a function to call back, for parameters: whatever is called lives as long as the call. A
// function that takes one is compiled once, not for each caller.
#pragma once

#include <type_traits>
#include <utility>

namespace escapement::base {

template <class Signature>
class FunctionRef;

// Refers to a callable that outlives it.
template <class Result, class... Args>
class FunctionRef<Result(Args...)> {
 public:
  template <class F>
  requires(!std::is_same_v<std::remove_cvref_t<F>, FunctionRef>) FunctionRef(F&& f)
      : callable_(const_cast<void*>(static_cast<const void*>(&f))),
        call_([](void* callable, Args... args) -> Result {
          return (*static_cast<std::remove_reference_t<F>*>(callable))(std::forward<Args>(args)...);
        }) {}
  Result operator()(Args... args) const { return call_(callable_, std::forward<Args>(args)...); }

 private:
  void* callable_;
  Result (*call_)(void*, Args...);
};

}  // namespace escapement::base
