import Foundation
import Synchronization
import Testing

@testable import HubCore

@Suite("Parts of the git store")
struct GitStorePartsTests {
    @Test("a full cache forgets what was not used lately and keeps what was")
    func cache() {
        var cache = LeastRecentlyUsedCache<Int, String>(capacity: 8)
        for key in 0..<100 {
            cache.insert("\(key)", for: key)
            #expect(cache.value(for: 0) == "0")
        }
        #expect(cache.value(for: 99) == "99")
        #expect(cache.value(for: 50) == nil)
        cache.removeAll { $0 == 99 }
        #expect(cache.value(for: 99) == nil)
    }

    @Test("what nobody asked for during a lifetime goes while others come, and what was asked for stays")
    func lifetime() {
        var cache = LeastRecentlyUsedCache<Int, String>(capacity: 1_000, lifetime: .seconds(10))
        let start = ContinuousClock.now
        cache.insert("old", for: 1, at: start)
        cache.insert("used", for: 2, at: start)
        cache.insert("new", for: 3, at: start + .seconds(11))
        #expect(cache.value(for: 2) == "used")
        #expect(cache.value(for: 3) == "new")
        cache.insert("newer", for: 4, at: start + .seconds(22))
        #expect(cache.value(for: 1) == nil)
        #expect(cache.value(for: 2) == "used" && cache.value(for: 4) == "newer")
        cache.insert("newest", for: 5, at: start + .seconds(33))
        cache.insert("last", for: 6, at: start + .seconds(44))
        #expect(cache.value(for: 3) == nil)
    }

    @Test("commits leave the queue youngest first, and of one age in the order they came")
    func queue() throws {
        var generator = SystemRandomNumberGenerator()
        var queue = CommitQueue()
        let dates = (0..<300).map { _ in Int64.random(in: 0..<20, using: &generator) }
        for (index, date) in dates.enumerated() {
            let who = Signature(name: "a", email: "b", seconds: date)
            queue.push(
                CommitInfo(
                    id: .zero, tree: .zero, parents: [], author: who, committer: who, message: "\(index)"))
        }
        var popped: [(Int64, Int)] = []
        while let next = queue.pop() { popped.append((next.committer.seconds, try #require(Int(next.message)))) }
        let expected = dates.enumerated().map { ($0.element, $0.offset) }
            .sorted { $0.0 == $1.0 ? $0.1 < $1.1 : $0.0 > $1.0 }
        #expect(popped.map(\.1) == expected.map(\.1))
    }

    @Test("who waits for admission and is cancelled makes room in the queue")
    func cancelledWaiting() async throws {
        let gate = AdmissionGate(limit: 1, queueLimit: 1, subject: "tests")
        try await gate.enter()
        let waiter = Task { try await gate.enter() }
        waiter.cancel()
        await #expect(throws: CancellationError.self) { try await waiter.value }
        let next = Task { try await gate.enter() }
        gate.leave()
        try await next.value
        gate.leave()
        try await gate.enter()
        gate.leave()
    }

    @Test("S32: one caller takes half of the places and half of the queue, and others come past him")
    func shares() async throws {
        let gate = AdmissionGate(limit: 4, queueLimit: 4, subject: "tests")
        for _ in 0..<2 { try await gate.enter(as: "storm") }
        try await withThrowingTaskGroup(of: HubError?.self) { group in
            for _ in 0..<3 {
                group.addTask {
                    do {
                        try await gate.enter(as: "storm")
                        return nil
                    } catch let error as HubError { return error }
                }
            }
            // Two may wait. The third, whichever it is, is the only one that gets an answer.
            let refusal = try await group.next() ?? nil
            #expect(refusal?.status == 503 && refusal?.retryAfter != nil)
            // Somebody else comes in at once, and so does work of our own.
            try await gate.enter(as: "other")
            try await gate.enter()
            gate.leave(as: "other")
            gate.leave()
            for _ in 0..<2 { gate.leave(as: "storm") }
            while let late = try await group.next() { #expect(late == nil) }
        }
        for _ in 0..<2 { gate.leave(as: "storm") }
        // Nothing is left behind.
        for caller in ["a", "a", "b", "b"] { try await gate.enter(as: caller) }
    }

    @Test("objects are remembered until they are durable, by ones and by thousands")
    func durability() async throws {
        let fixture = try GitFixture()
        let store = fixture.store
        try await store.create(1)
        let first = try await store.writeBlob([1], in: 1)
        #expect(store.unsynced.withLock { $0[1]?.ids } == [first])
        try await store.makeDurable(1)
        #expect(store.unsynced.withLock { $0[1] == nil })
        for number in 0..<(LooseObjects.wholeFileSystemThreshold + 1) {
            _ = try await store.writeBlob(Array("\(number)".utf8), in: 1)
        }
        try await store.makeDurable(1)
        #expect(store.unsynced.withLock { $0.isEmpty })
        // Packed meanwhile: nothing loose is left to sync.
        let packed = try await store.writeBlob([2], in: 1)
        try FileManager.default.removeItem(
            atPath: "\(store.directory(of: 1))/objects/\(packed.hex.prefix(2))/\(packed.hex.dropFirst(2))")
        try await store.makeDurable(1)
    }

    @Test("S36: what a dead process left is removed, what a living one works on is not")
    func leftovers() throws {
        let folder = NSTemporaryDirectory() + "leftovers-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for name in ["\(getppid())-living", "2147483647-dead", "\(getpid())-own", "odd"] {
            try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
        }
        let found = Leftovers.find(in: [folder])
        #expect(Set(found) == ["\(folder)/2147483647-dead", "\(folder)/\(getpid())-own", "\(folder)/odd"])
        #expect(Leftovers.find(in: [folder]) == [])
    }

    @Test("S36: a quarantine that a killed server left is gone after the next start", .timeLimit(.minutes(1)))
    func quarantine() async throws {
        let folder = NSTemporaryDirectory() + "quarantine-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let left = "\(folder)/incoming/2147483647-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: left + "/pack", withIntermediateDirectories: true)
        try Data(count: 1_000).write(to: URL(fileURLWithPath: left + "/pack/tmp_pack_x"))
        let store = GitStore(root: folder, threadCount: 1)
        for _ in 0..<6_000 where FileManager.default.fileExists(atPath: left) {
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(!FileManager.default.fileExists(atPath: left))
        try await store.create(1)
    }

    @Test("the last-commit scan reads any cut of git's output")
    func scan() throws {
        let one = String(repeating: "1", count: 40)
        let two = String(repeating: "2", count: 40)
        let output = Array("/\(two)\0\nd/a\0d/s/x\0e\0/\(one)\0\nd/a\0d/b\0".utf8)
        for size in 1...output.count {
            var scan = LastCommitScan(folder: GitPath("d"), paths: ["d/a", "d/b", "d/s", "d/zz"])
            var rest = output[...]
            while !rest.isEmpty {
                scan.append(rest.prefix(size))
                rest = rest.dropFirst(size)
            }
            #expect(scan.found.mapValues(\.hex) == ["d/a": two, "d/s": two, "d/b": one])
            #expect(!scan.isComplete)
        }
    }
}
