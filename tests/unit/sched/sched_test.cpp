#include <utility>

#include "tests/unit/sched/fixture.h"

namespace escapement::sched {

TEST_CASE("five goroutines started in a loop run 4 0 1 2 3") {
  TestSched t;
  std::vector<int> order;
  Address done = t.Chan(0);
  t.Go({[&] {
          for (int i = 0; i < 5; ++i)
            t.Go({[&order, i] {
              order.push_back(i);
              return true;
            }});
          return true;
        },
        t.ReceiveInto(done, 0)});
  t.Run();
  CHECK(order == std::vector<int>{4, 0, 1, 2, 3});
  CHECK(t.ended == Picked::kDeadlock);
  CHECK(t.sched.at(0).reason == WaitReason::kChanReceive);
  CHECK(Text(t.sched.at(0).reason) == "chan receive");
}

TEST_CASE("main is goroutine 1; a recycled goroutine gets a new id") {
  TestSched t;
  t.Go({[&] {
          t.Go({});
          return true;
        },
        [&] {
          static bool yielded = false;
          if (yielded) return true;
          yielded = true;
          Yield(t.sched, t.world);
          return false;
        },
        [&] {
          t.Go({});
          CHECK(t.sched.at(1).id == 3);
          CHECK(t.sched.goroutines.size() == 2);
          return true;
        }});
  CHECK(t.sched.at(0).id == 1);
  t.Run();
}

TEST_CASE("a full local queue spills half into the global one") {
  TestSched t;
  std::vector<int> order;
  t.Go({[&] {
          for (int i = 0; i < 300; ++i)
            t.Go({[&order, i] {
              order.push_back(i);
              return true;
            }});
          CHECK(t.sched.local.size() <= 256);
          CHECK(t.sched.global.size() == 129);
          return true;
        },
        t.ReceiveInto(0, 0)});
  t.Run();
  CHECK(order.size() == 300);
  CHECK(order[0] == 299);
  CHECK(order[1] == 128);  // 0 to 127 went to the global queue
  CHECK(t.sched.at(0).reason == WaitReason::kChanReceiveNilChan);
}

TEST_CASE("an unbuffered channel hands over directly, in order") {
  TestSched t;
  std::vector<uint64_t> got;
  Address chan = t.Chan(0);
  std::vector<TestSched::Action> sender, main;
  for (uint64_t i = 0; i < 5; ++i) sender.push_back(t.SendValue(chan, i * 10, 1));
  main.push_back([&] {
    t.Go(sender);
    return true;
  });
  for (int i = 0; i < 5; ++i) {
    main.push_back(t.ReceiveInto(chan, 2));
    main.push_back([&] {
      got.push_back(t.Value(2));
      CHECK(t.last.received);
      return true;
    });
  }
  t.Go(main);
  t.Run();
  CHECK(got == std::vector<uint64_t>{0, 10, 20, 30, 40});
  CHECK(t.ended == Picked::kGoroutine);
}

TEST_CASE("a buffered channel blocks when full and keeps its values after close") {
  TestSched t;
  Address chan = t.Chan(2);
  CHECK(ChanCap(t.world, chan) == 2);
  std::vector<uint64_t> got;
  t.Go({[&] {
          t.Go({t.SendValue(chan, 1, 1), t.SendValue(chan, 2, 1), t.SendValue(chan, 3, 1), [&] {
                  CHECK(Close(t.sched, t.world, chan).status == ChanStatus::kDone);
                  CHECK(Close(t.sched, t.world, chan).fault == ChanFault::kCloseOfClosed);
                  CHECK(Send(t.sched, t.world, chan, t.Slot(1), true).fault == ChanFault::kSendOnClosed);
                  return true;
                }});
          return true;
        },
        t.ReceiveInto(chan, 3), t.ReceiveInto(chan, 4), t.ReceiveInto(chan, 5),
        [&] {
          got = {t.Value(3), t.Value(4), t.Value(5)};
          t.world.space.Store<uint64_t>(t.Slot(6), 99);
          return true;
        },
        t.ReceiveInto(chan, 6)});
  t.Run();
  CHECK(got == std::vector<uint64_t>{1, 2, 3});
  CHECK(t.Value(6) == 0);
  CHECK_FALSE(t.last.received);
}

TEST_CASE("a select takes what is ready, waits for what is not, and leaves the other queues") {
  TestSched t;
  Address a = t.Chan(0), b = t.Chan(0);
  // Cases in data: receive from a, receive from b.
  Address cases = t.Slot(100);
  for (uint32_t i = 0; i < 2; ++i) {
    t.world.space.Store<uint64_t>(cases + i * 16, i == 0 ? a : b);
    t.world.space.Store<uint64_t>(cases + i * 16 + 8, t.Slot(10 + i));
  }
  int32_t selected = -2;
  t.Go({[&] {
          CHECK(Select(t.sched, t.world, cases, 0, 2, false).selected == -1);
          t.Go({t.SendValue(b, 77, 1)});
          return true;
        },
        t.Operation([&] { return Select(t.sched, t.world, cases, 0, 2, true); },
                    [&] { return Finish(t.sched, t.world, ChanOp::kSelect, cases, 0, 2); }),
        [&] {
          selected = t.last.selected;
          CHECK(t.last.received);
          return true;
        }});
  t.Run();
  CHECK(selected == 1);
  CHECK(t.Value(11) == 77);
  CHECK(t.world.space.LoadPointer(a + Hchan::kRecvFirst) == 0);
  CHECK(t.world.space.LoadPointer(b + Hchan::kRecvFirst) == 0);
}

TEST_CASE("select chooses among ready cases by the seed") {
  auto choices = [](uint64_t seed) {
    TestSched t;
    t.sched.random = Random(seed);
    Address cases = t.Slot(100);
    for (uint32_t i = 0; i < 2; ++i) {
      t.world.space.Store<uint64_t>(cases + i * 16, t.Chan(100));
      t.world.space.Store<uint64_t>(cases + i * 16 + 8, t.Slot(i));
    }
    t.Go({});
    PickNext(t.sched, t.world);
    std::string result;
    for (int i = 0; i < 60; ++i)
      result += static_cast<char>('0' + Select(t.sched, t.world, cases, 2, 0, true).selected);
    return result;
  };
  CHECK(choices(1) == choices(1));
  CHECK(choices(1) != choices(2));
  CHECK(choices(1).find('0') != std::string::npos);
  CHECK(choices(1).find('1') != std::string::npos);
}

TEST_CASE("sleepers wake in order of time, and the clock jumps") {
  TestSched t;
  std::vector<int> order;
  uint64_t start = Now(t.sched, t.world);
  CHECK(start == kStartTimeNs);
  auto sleeper = [&](int64_t ms) {
    auto slept = std::make_shared<bool>(false);
    return std::vector<TestSched::Action>{[=, &t, &order] {
      if (*slept) {
        order.push_back(static_cast<int>(ms));
        return true;
      }
      *slept = true;
      return !Sleep(t.sched, t.world, ms * 1000000);
    }};
  };
  t.Go({[&] {
          for (int64_t ms : {30, 10, 20}) t.Go(sleeper(ms));
          return true;
        },
        t.ReceiveInto(t.Chan(0), 0)});
  t.Run();
  CHECK(order == std::vector<int>{10, 20, 30});
  CHECK(Now(t.sched, t.world) - start >= 30000000);
  CHECK(Now(t.sched, t.world) - start < 31000000);
  CHECK(t.ended == Picked::kDeadlock);
}

TEST_CASE("a timer hands its function to the vm; stopped and unheard ones do not hold the program up") {
  TestSched t;
  uint32_t timer = NewTimer(t.sched);
  t.sched.timers[timer].function = kData;
  CHECK_FALSE(ResetTimer(t.sched, t.world, timer, kStartTimeNs + 1000, 0));
  t.Go({t.ReceiveInto(t.Chan(0), 0)});
  t.Run();
  REQUIRE(t.ended == Picked::kTimers);
  FiredTimer fired;
  CHECK(TakeFired(t.sched, t.world, &fired));
  CHECK(fired.function == kData);
  CHECK_FALSE(TakeFired(t.sched, t.world, &fired));
  ResetTimer(t.sched, t.world, timer, kStartTimeNs + 1000000, 0);
  CHECK(StopTimer(t.sched, t.world, timer));
  CHECK_FALSE(StopTimer(t.sched, t.world, timer));
  t.Run();
  CHECK(t.ended == Picked::kDeadlock);
  // A ticker that nobody listens to does not hide the deadlock.
  t.sched.timers[timer].channel = t.Chan(1);
  ResetTimer(t.sched, t.world, timer, Now(t.sched, t.world) + 1000, 1000);
  t.Run();
  CHECK(t.ended == Picked::kDeadlock);
}

TEST_CASE("semaphores wake first in, first out, and hand over on request") {
  TestSched t;
  Address sema = t.Slot(0);
  std::vector<int> order;
  auto waiter = [&](int n) {
    return std::vector<TestSched::Action>{
        [=, &t] { return SemAcquire(t.sched, t.world, sema, false, WaitReason::kSyncMutexLock); },
        [=, &order] {
          order.push_back(n);
          return true;
        }};
  };
  t.Go({[&] {
          for (int n = 0; n < 3; ++n) t.Go(waiter(n));
          return true;
        },
        [&] {
          static bool yielded = false;
          if (yielded) return true;
          yielded = true;
          Yield(t.sched, t.world);
          return false;
        },
        [&] {
          CHECK(t.sched.at(1).reason == WaitReason::kSyncMutexLock);
          CHECK_FALSE(SemRelease(t.sched, t.world, sema, false));
          CHECK(SemRelease(t.sched, t.world, sema, true));
          SemRelease(t.sched, t.world, sema, false);
          return true;
        },
        t.ReceiveInto(t.Chan(0), 9)});
  t.Run();
  CHECK(order.size() == 3);
  CHECK(t.Value(0) == 0);
  CHECK(t.sched.semaphores.empty());
}

TEST_CASE("notify lists wake by ticket") {
  TestSched t;
  Address list = t.Slot(20);
  std::vector<int> order;
  auto waiter = [&](int n) {
    auto ticket = std::make_shared<uint32_t>(NotifyListAdd(t.world, list));
    return std::vector<TestSched::Action>{[=, &t] { return NotifyListWait(t.sched, t.world, list, *ticket); },
                                          [=, &order] {
                                            order.push_back(n);
                                            return true;
                                          }};
  };
  t.Go({[&] {
          for (int n = 0; n < 4; ++n) t.Go(waiter(n));
          return true;
        },
        [&] {
          static bool yielded = false;
          if (yielded) return true;
          yielded = true;
          Yield(t.sched, t.world);
          return false;
        },
        [&] {
          NotifyListNotifyOne(t.sched, t.world, list);
          NotifyListNotifyAll(t.sched, t.world, list);
          return true;
        },
        t.ReceiveInto(t.Chan(0), 9)});
  t.Run();
  // They wait in the order 3 0 1 2; the last one readied runs first, the others as they were kicked out of
  // runnext.
  CHECK(order == std::vector<int>{2, 0, 3, 1});
}

TEST_CASE("a close wakes receivers last one first, as four of them show in Go: 4 3 2 1") {
  TestSched t;
  Address chan = t.Chan(0);
  std::vector<int> order;
  bool yielded = false;
  t.Go({[&] {
          for (int n = 1; n <= 4; ++n)
            t.Go({t.ReceiveInto(chan, static_cast<uint32_t>(n)), [&order, n] {
                    order.push_back(n);
                    return true;
                  }});
          return true;
        },
        [&] {
          if (!yielded) Yield(t.sched, t.world);
          return std::exchange(yielded, true);
        },
        [&] { return Close(t.sched, t.world, chan).status == ChanStatus::kDone; },
        t.ReceiveInto(t.Chan(0), 9)});
  t.Run();
  CHECK(order == std::vector<int>{4, 3, 2, 1});
}

TEST_CASE("the finalizers' goroutine is readied before the queues are looked at") {
  TestSched t;
  std::vector<int> order;
  bool parked = false;
  t.sched.finalizer_goroutine = t.Go({[&] {
                                        if (!parked) Park(t.sched, t.world, WaitReason::kFinalizerWait, 0);
                                        return std::exchange(parked, true);
                                      },
                                      [&] {
                                        t.world.specials.ready.clear();
                                        order.push_back(0);
                                        return true;
                                      },
                                      [&] {
                                        Park(t.sched, t.world, WaitReason::kFinalizerWait, 0);
                                        return false;
                                      }},
                                     true);
  t.Run();
  CHECK(t.ended == Picked::kMainGone);
  for (int n = 1; n <= 2; ++n)
    t.Go({[&order, n] {
      order.push_back(n);
      return true;
    }});
  t.world.specials.ready.push_back({});
  t.Run();
  CHECK(order == std::vector<int>{0, 1, 2});
}

TEST_CASE("deadlock texts are Go's") {
  TestSched t;
  t.Go({});
  CHECK(PickNext(t.sched, t.world) == Picked::kGoroutine);
  Exit(t.sched, t.world);  // main called Goexit
  Picked picked = PickNext(t.sched, t.world);
  CHECK(DeadlockText(picked) == "no goroutines (main called runtime.Goexit) - deadlock!");
  CHECK(DeadlockText(Picked::kDeadlock) == "all goroutines are asleep - deadlock!");
  CHECK(Text(WaitReason::kSelectNoCases) == "select (no cases)");
  CHECK(Text(WaitReason::kSleep) == "sleep");
}

TEST_CASE("channels have the runtime's sizes") {
  TestSched t;
  memory::MemStats before = ReadMemStats(t.world);
  auto allocated = [&](int64_t size, Address type) {
    t.Chan(size, type);
    memory::MemStats after = ReadMemStats(t.world);
    std::pair<uint64_t, uint64_t> result{after.mallocs - before.mallocs,
                                         after.total_alloc - before.total_alloc};
    before = after;
    return result;
  };
  CHECK(allocated(0, kIntType) == std::pair<uint64_t, uint64_t>{1, 112});
  CHECK(allocated(10, kIntType) == std::pair<uint64_t, uint64_t>{1, 192});
  CHECK(allocated(10, kPointerType) == std::pair<uint64_t, uint64_t>{2, 192});
  CHECK(allocated(5, kEmptyType) == std::pair<uint64_t, uint64_t>{1, 112});
  ChanFault fault;
  MakeChan(t.sched, t.world, kIntType, -1, &fault);
  CHECK(Text(fault) == "makechan: size out of range");
}

TEST_CASE("a saved scheduler equals itself restored and continued") {
  TestSched t;
  Address chan = t.Chan(3);
  t.Go({t.SendValue(chan, 1, 1), t.SendValue(chan, 2, 1)});
  Scheduler saved = t.sched;
  memory::Snapshot world = Save(t.world);
  t.Run();
  Scheduler first = t.sched;
  uint64_t hash = HashWorld(t.world);
  t.sched = saved;
  Restore(t.world, world);
  t.at.assign(t.at.size(), 0);
  t.Run();
  CHECK(t.sched == first);
  CHECK(HashWorld(t.world) == hash);
}

TEST_CASE(
    "free records: half of too many are shared, the last freed are taken first, a collection drops what is "
    "shared") {
  RecordPool pool(4);
  CHECK(pool.Take() == 0);
  for (memory::Address record = 1; record <= 5; ++record) pool.Give(record);  // 1 2 | 5, shared: 3 4
  RecordPool dropped = pool;
  for (memory::Address record : {5, 2, 1, 3, 4, 0}) CHECK(pool.Take() == record);
  dropped.DropShared();
  for (memory::Address record : {5, 2, 1, 0}) CHECK(dropped.Take() == record);
}

}  // namespace escapement::sched
