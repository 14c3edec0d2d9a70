import HubCore
import Synchronization
import Testing

@testable import MirrorGateway

@Suite("Shared and ordered work")
struct SharedWorkTests {
    @Test("one run for all who want the same, and another one afterwards")
    func sharing() async throws {
        let flights = SingleFlight<String, Int>()
        let latch = Latch()
        let runs = Mutex(0)
        let work: @Sendable () async throws -> Int = {
            await latch.pass()
            return runs.withLock { runs in
                runs += 1
                return runs
            }
        }
        let values = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<10 { group.addTask { try await flights.run("a", work).value } }
            await Latch.until { latch.arrived == 1 }
            latch.open()
            return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
        }
        #expect(values.count <= 2)
        #expect(try await flights.run("a", work).joined == false)
    }

    @Test("who leaves does not end the work of the others")
    func leaving() async throws {
        let flights = SingleFlight<String, Int>()
        let latch = Latch()
        let first = Task {
            try await flights.run("a") {
                await latch.pass()
                try Task.checkCancellation()
                return 7
            }.value
        }
        await Latch.until { latch.arrived == 1 }
        let second = Task { try await flights.run("a") { 8 }.value }
        await Latch.settle()
        first.cancel()
        await #expect(throws: CancellationError.self) { try await first.value }
        await Latch.settle()
        latch.open()
        #expect(try await second.value == 7)
    }

    @Test("shutting down ends the work, says so to those who wait, and starts nothing new")
    func shutdown() async throws {
        let flights = SingleFlight<String, Int>()
        let latch = Latch()
        let waiter = Task {
            try await flights.run("a") {
                await latch.pass()
                try await Task.sleep(for: .seconds(3_600))
                return 1
            }.value
        }
        await Latch.until { latch.arrived == 1 }
        latch.open()
        await flights.shutDown()
        let error = await hubError { _ = try await waiter.value }
        #expect(error?.code == .shuttingDown)
        #expect(await hubError { _ = try await flights.run("b") { 1 } }?.code == .shuttingDown)
    }

    @Test("work of one key runs one after the other in the order of asking, also past a failure")
    func order() async throws {
        let queues = SerialQueues<Int>()
        let latch = Latch()
        let log = Log()
        var tasks: [Task<Void, any Error>] = []
        for number in 0..<5 {
            tasks.append(
                Task {
                    try await queues.run(1) {
                        if number == 0 { await latch.pass() }
                        log.append(number)
                        if number == 2 { throw CancellationError() }
                    }
                })
            if number == 0 { await Latch.until { latch.arrived == 1 } }
            await Latch.settle()
        }
        // Another key is not held back.
        try await queues.run(2) { log.append(100) }
        #expect(log.numbers == [100])
        latch.open()
        for task in tasks { _ = await task.result }
        #expect(log.numbers == [100, 0, 1, 2, 3, 4])
    }

    private final class Log: Sendable {
        private let state = Mutex<[Int]>([])
        var numbers: [Int] { state.withLock { $0 } }
        func append(_ number: Int) { state.withLock { $0.append(number) } }
    }

    @Test("what is remembered ends with its time, and never grows beyond its limit")
    func memory() {
        let clock = TurnedClock(0)
        let memory = ExpiringMemory<Int, String>(clock: WallClock { clock.now }, limit: 3)
        memory.remember("a", for: 1, lifetime: .seconds(1))
        memory.remember("b", for: 2, lifetime: .seconds(10))
        #expect(memory[1] == "a" && memory[2] == "b" && memory[3] == nil)
        clock.pass(1_000)
        #expect(memory[1] == nil && memory[2] == "b")
        for key in 3..<10 { memory.remember("c", for: key, lifetime: .seconds(10)) }
        #expect((1..<10).count { memory[$0] != nil } <= 3)
        memory.forget { $0 == 9 }
        #expect(memory[9] == nil)
    }
}
