import HubCore
import Testing

@testable import MirrorGateway

@Suite("ClamAV's socket")
struct ClamdClientTests {
    private static func with<T>(
        _ manner: SimulatedClamd.Manner, idle: Int = 1, patience: Int64 = 5, _ body: (ClamdClient) throws -> T
    ) throws -> T {
        let clamd = try SimulatedClamd(manner)
        defer { clamd.stop() }
        return try body(ClamdClient(path: clamd.path, idle: idle, patience: patience))
    }

    @Test("what it finds is named, and what it does not find is clean")
    func answers() throws {
        try Self.with(.looking(for: "EVIL")) { (clamd: ClamdClient) throws in
            #expect(try clamd.version() == "ClamAV 1.0.0/27000/Thu Jan  1 00:00:00 2026")
            #expect(try clamd.scan(Array("this is EVIL".utf8)) == .found("Test.Virus"))
            #expect(try clamd.scan(Array("this is good".utf8)) == .clean)
            #expect(try clamd.scan([]) == .clean)
            #expect(
                try clamd.scan([UInt8](repeating: 0x41, count: 3 << 20) + Array("EVIL".utf8)) == .found("Test.Virus"))
        }
    }

    @Test("a stream longer than it takes is not called clean, and no more is sent than it takes")
    func limit() throws {
        try Self.with(.limited(to: 1 << 20)) { (clamd: ClamdClient) throws in
            let stream = try clamd.begin(size: 1 << 30)
            var sent = 0
            while stream.isOpen, sent < 1 << 30 {
                try stream.send([UInt8](repeating: 0, count: 1 << 20))
                sent += 1 << 20
            }
            #expect(sent < 1 << 25)
            guard case .tooLong = try stream.finish() else { throw HubError(.internalError, "not refused") }
        }
    }

    @Test(
        "wrong answers, early ends and silence are failures, never clean",
        arguments: [
            SimulatedClamd.Manner.closing, .mute, .silent, .endless, .saying("stream: "), .saying("OK"),
            .saying("stream:  FOUND"), .saying("stream: OK FOUND ERROR"), .saying("UNKNOWN COMMAND"), .saying(""),
            .saying(String(repeating: "x", count: 100_000)),
        ])
    func failures(_ manner: SimulatedClamd.Manner) throws {
        try Self.with(manner) { (clamd: ClamdClient) throws in
            let error = #expect(throws: (any Error).self) { try clamd.scan(Array("bytes".utf8)) }
            #expect(error is HubError || error is ClamdSocket.Closed)
        }
    }

    @Test("a socket that is not there, or is no socket, is a failure")
    func missing() {
        #expect(throws: HubError.self) { try ClamdClient(path: "/nonexistent/clamd.ctl").version() }
        #expect(throws: HubError.self) { try ClamdClient(path: "/etc/passwd").version() }
        #expect(throws: HubError.self) { try ClamdClient(path: String(repeating: "x", count: 300)).version() }
        #expect(throws: HubError.self) { try ClamdClient(path: "").version() }
    }
}
