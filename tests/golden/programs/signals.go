// Signals that a program sends itself: notified, ignored, with a context, and one that ends it.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	c := make(chan os.Signal, 4)
	signal.Notify(c, syscall.SIGUSR1, os.Interrupt)
	self, err := os.FindProcess(os.Getpid())
	fmt.Println(err, self.Pid == os.Getpid())
	fmt.Println(self.Signal(syscall.SIGUSR1))
	fmt.Println(<-c)
	syscall.Kill(os.Getpid(), syscall.SIGINT)
	s := <-c
	fmt.Println(s, s == os.Interrupt)
	signal.Ignore(syscall.SIGHUP)
	fmt.Println(signal.Ignored(syscall.SIGHUP), self.Signal(syscall.SIGHUP), self.Signal(syscall.Signal(0)))
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	go func() {
		time.Sleep(time.Millisecond)
		self.Signal(syscall.SIGTERM)
	}()
	<-ctx.Done()
	fmt.Println(ctx.Err(), context.Cause(ctx))
	stop()
	signal.Stop(c)
	select {
	case s := <-c:
		fmt.Println("late", s)
	default:
	}
}
