// A network within one program: TCP, UDP and Unix sockets on the loopback, deadlines, errors.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"syscall"
	"time"
)

func check(err error) {
	if err != nil {
		panic(err)
	}
}

// port masks the ports that a system chooses.
func port(s any) string {
	text := fmt.Sprint(s)
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		out.WriteByte(text[i])
		if text[i] == ':' && i+1 < len(text) && text[i+1] >= '3' && text[i+1] <= '6' {
			out.WriteByte('P')
			for i+1 < len(text) && text[i+1] >= '0' && text[i+1] <= '9' {
				i++
			}
		}
	}
	return out.String()
}

func echo() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	var served sync.WaitGroup
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				fmt.Println("accept:", port(err), errors.Is(err, net.ErrClosed))
				served.Done()
				return
			}
			served.Add(1)
			go func() {
				defer served.Done()
				defer c.Close()
				lines := bufio.NewScanner(c)
				for lines.Scan() {
					fmt.Fprintf(c, "echo %s\n", strings.ToUpper(lines.Text()))
				}
			}()
		}
	}()
	var clients sync.WaitGroup
	answers := make([]string, 4)
	for i := range answers {
		clients.Go(func() {
			c, err := net.Dial("tcp", l.Addr().String())
			check(err)
			defer c.Close()
			for j := range 3 {
				fmt.Fprintf(c, "line %d of %d\n", j, i)
			}
			check(c.(*net.TCPConn).CloseWrite())
			all, err := io.ReadAll(c)
			check(err)
			answers[i] = string(all)
		})
	}
	clients.Wait()
	fmt.Print(strings.Join(answers, ""))
	served.Add(1)
	l.Close()
	served.Wait()
}

func deadlines() {
	l, err := net.Listen("tcp", "localhost:0")
	check(err)
	defer l.Close()
	l.(*net.TCPListener).SetDeadline(time.Now().Add(20 * time.Millisecond))
	_, err = l.Accept()
	fmt.Println(port(err), errors.Is(err, os.ErrDeadlineExceeded), err.(net.Error).Timeout())
	l.(*net.TCPListener).SetDeadline(time.Time{})
	c, err := net.DialTimeout("tcp", l.Addr().String(), time.Second)
	check(err)
	s, err := l.Accept()
	check(err)
	fmt.Println(c.LocalAddr().String() == s.RemoteAddr().String(), c.RemoteAddr().Network(), port(s.LocalAddr()))
	c.SetReadDeadline(time.Now().Add(10 * time.Millisecond))
	_, err = c.Read(make([]byte, 1))
	fmt.Println(port(err))
	c.SetReadDeadline(time.Now().Add(-time.Second))
	_, err = c.Read(make([]byte, 1))
	fmt.Println(port(err))
	c.SetReadDeadline(time.Time{})
	go func() {
		time.Sleep(10 * time.Millisecond)
		c.Close()
	}()
	_, err = c.Read(make([]byte, 1))
	fmt.Println(port(err))
	n, err := s.Read(make([]byte, 1))
	fmt.Println(n, err)
	_, err = s.Write([]byte("into the void"))
	fmt.Println(err)
	time.Sleep(5 * time.Millisecond)
	_, err = s.Write([]byte("more"))
	fmt.Println(port(err), errors.Is(err, syscall.EPIPE))
	s.Close()
	fmt.Println(port(s.Close()))

	// A writer waits for its reader.
	c, err = net.Dial("tcp", l.Addr().String())
	check(err)
	s, err = l.Accept()
	check(err)
	done := make(chan int64)
	go func() {
		n, err := io.Copy(io.Discard, s)
		check(err)
		done <- n
	}()
	buffers := net.Buffers{make([]byte, 3<<20), []byte("tail"), make([]byte, 5<<20)}
	n64, err := buffers.WriteTo(c)
	fmt.Println(n64, err)
	c.Close()
	fmt.Println(<-done)

	// Unread bytes make closing a reset.
	c, err = net.Dial("tcp", l.Addr().String())
	check(err)
	s, err = l.Accept()
	check(err)
	c.Write([]byte("never read"))
	time.Sleep(5 * time.Millisecond)
	s.Close()
	_, err = c.Read(make([]byte, 1))
	fmt.Println(port(err), errors.Is(err, syscall.ECONNRESET))
	c.Close()
}

func datagrams() {
	server, err := net.ListenPacket("udp", "127.0.0.1:0")
	check(err)
	defer server.Close()
	c, err := net.Dial("udp", server.LocalAddr().String())
	check(err)
	for _, text := range []string{"one", "", "three"} {
		c.Write([]byte(text))
	}
	b := make([]byte, 4)
	for range 3 {
		n, from, err := server.ReadFrom(b)
		fmt.Printf("%q %v %v\n", b[:n], from.String() == c.LocalAddr().String(), err)
		_, err = server.WriteTo(append([]byte("to "), b[:n]...), from)
		check(err)
	}
	for range 3 {
		n, err := c.Read(b)
		fmt.Printf("%q %v\n", b[:n], err)
	}
	_, err = c.Write(make([]byte, 70000))
	fmt.Println(port(err))
	server.Close()
	c.Write([]byte("x"))
	time.Sleep(time.Millisecond)
	_, err = c.Read(b)
	fmt.Println(port(err), errors.Is(err, syscall.ECONNREFUSED))
	c.Close()
}

func unix() {
	dir, err := os.MkdirTemp("", "")
	check(err)
	defer os.RemoveAll(dir)
	check(os.Chdir(dir))
	l, err := net.Listen("unix", "here.sock")
	check(err)
	info, err := os.Stat("here.sock")
	check(err)
	fmt.Println(l.Addr(), l.Addr().Network(), info.Mode().Type()&os.ModeSocket != 0)
	_, err = net.Listen("unix", "here.sock")
	fmt.Println(err)
	go func() {
		c, err := l.Accept()
		check(err)
		fmt.Fprintf(c, "from %q to %q", c.LocalAddr(), c.RemoteAddr())
		c.Close()
	}()
	c, err := net.Dial("unix", "here.sock")
	check(err)
	all, err := io.ReadAll(c)
	fmt.Println(string(all), err)
	c.Close()
	l.Close()
	_, err = os.Stat("here.sock")
	fmt.Println(errors.Is(err, os.ErrNotExist))
	_, err = net.Dial("unix", "here.sock")
	fmt.Println(err)
}

func failures() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	_, err = net.Listen("tcp", l.Addr().String())
	fmt.Println(port(err), errors.Is(err, syscall.EADDRINUSE))
	l.Close()
	again, err := net.Listen("tcp", l.Addr().String())
	check(err)
	again.Close()
	_, err = net.Dial("tcp", l.Addr().String())
	var op *net.OpError
	fmt.Println(port(err), errors.As(err, &op), op.Op, op.Net, port(op.Addr), op.Timeout(), op.Temporary())
	_, err = net.Dial("tcp", "no port")
	fmt.Println(err)
	_, err = net.Dial("tcp", "127.0.0.1:99999")
	fmt.Println(err)
	_, err = net.Dial("nothing", "127.0.0.1:1")
	fmt.Println(err)
	a, b := net.Pipe()
	go func() { a.Write([]byte("pipe")); a.Close() }()
	all, err := io.ReadAll(b)
	fmt.Println(string(all), err, a.LocalAddr())
	b.SetDeadline(time.Now())
	_, err = b.Write([]byte{1})
	fmt.Println(err)
}

func main() {
	echo()
	deadlines()
	datagrams()
	unix()
	failures()
}
