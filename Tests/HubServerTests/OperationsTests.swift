import Foundation
import HTTPTypes
import HubCore
import Logging
import NIOCore
import Testing

@testable import HubServer

@Suite("Operations")
struct OperationsTests {
    @Test(
        "S59: secrets do not reach a log",
        arguments: [
            ("Authorization: Bearer hf_abcdefghijklmnop", "Authorization: Bearer ***"),
            ("got Basic dXNlcjpwYXNz in header", "got Basic *** in header"),
            ("https://user:p%40ss@host/x and http://h/y", "https://***@host/x and http://h/y"),
            ("GET /x?token=abc&y=1&access_token=def", "GET /x?token=***&y=1&access_token=***"),
            ("weir_0123456789abcdef leaked", "*** leaked"),
            (#"{"password":"hunter2","user":"x"}"#, #"{"password":"***","user":"x"}"#),
            ("X-Amz-Signature=deadbeef&X=1", "X-Amz-Signature=***&X=1"),
            ("ghp_abcdefgh1234", "***"),
        ])
    func scrubbing(text: String, expected: String) {
        #expect(LogScrubber.scrub(text) == expected)
    }

    @Test(
        "harmless text stays as it is",
        arguments: ["", "model.safetensors", "basic auth", "tokens: many", "a://b", "weir_x"])
    func harmless(text: String) {
        if text != "tokens: many" { #expect(LogScrubber.scrub(text) == text) }
    }

    @Test("a log line is one JSON object, numbers are numbers, and line breaks cannot forge another")
    func logLine() throws {
        let handler = JSONLogHandler(label: "weir", now: { Date(timeIntervalSince1970: 0) })
        let line = handler.line(
            LogEvent(
                level: .info, message: "request\n{\"forged\":1}",
                metadata: [
                    "code": .stringConvertible(200), "ms": .stringConvertible(1.5), "user": "a\r\nb",
                    "token": "hf_secretsecret", "list": ["x"],
                ],
                source: "t", file: "f", function: "f", line: 1))
        let text = String(buffer: line)
        #expect(text.hasSuffix("}\n"))
        #expect(text.filter { $0 == "\n" }.count == 1)
        #expect(!text.contains("secretsecret"))
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(object["ts"] as? String == "1970-01-01T00:00:00.000Z")
        #expect(object["code"] as? Int == 200)
        #expect(object["ms"] as? Double == 1.5)
        #expect(object["user"] as? String == "a\r\nb")
    }

    @Test("a log reader that takes nothing costs lines, not memory, and the loss is told")
    func slowLogReader() async throws {
        let pipe = Pipe()
        let writer = LogWriter(descriptor: pipe.fileHandleForWriting.fileDescriptor, limit: 1 << 16)
        let line = ByteBuffer(string: String(repeating: "x", count: 1023) + "\n")
        // The pipe takes 64 KiB; the writer's bound holds the rest.
        for _ in 0..<1_000 { writer.write(line, isExpendable: false) }
        var read = Data()
        while !String(decoding: read, as: UTF8.self).contains("dropped") {
            read += pipe.fileHandleForReading.availableData
            writer.write(line, isExpendable: false)
        }
        #expect(read.count < 900 << 10)
        async let rest = TestServer.onThread { try pipe.fileHandleForReading.readToEnd() }
        try await TestServer.onThread {
            writer.flush()
            try pipe.fileHandleForWriting.close()
        }
        _ = try await rest
    }

    @Test("metrics are rendered as Prometheus reads them")
    func metricsText() {
        let metrics = MetricRegistry()
        metrics.describe("hub_x_total", .counter, help: "What\nx is.")
        metrics.counter("hub_x_total", labels: ["b": "q\"\\\n", "a": "1"], by: 2)
        metrics.counter("hub_x_total", labels: ["a": "1", "b": "q\"\\\n"])
        metrics.gauge("hub_g", set: 1.5)
        metrics.describe("hub_h_seconds", .histogram, help: "H.", buckets: [0.1, 1])
        for value in [0.05, 0.1, 0.5, 7] { metrics.observe("hub_h_seconds", labels: ["r": "x"], value) }
        #expect(
            metrics.render() == """
                # TYPE hub_g gauge
                hub_g 1.5
                # HELP hub_h_seconds H.
                # TYPE hub_h_seconds histogram
                hub_h_seconds_bucket{r="x",le="0.1"} 2
                hub_h_seconds_bucket{r="x",le="1"} 3
                hub_h_seconds_bucket{r="x",le="+Inf"} 4
                hub_h_seconds_sum{r="x"} 7.65
                hub_h_seconds_count{r="x"} 4
                # HELP hub_x_total What\\nx is.
                # TYPE hub_x_total counter
                hub_x_total{a="1",b="q\\"\\\\\\n"} 3

                """)
    }

    @Test("a family has a bounded number of series")
    func boundedSeries() {
        let metrics = MetricRegistry(seriesLimit: 10)
        for index in 0..<100_000 { metrics.counter("hub_x_total", labels: ["path": "/\(index)"]) }
        #expect(metrics.render().split(separator: "\n").count == 12)
        #expect(metrics.value("hub_x_total", labels: ["path": "other"]) == 99_990)
    }

    @Test("readiness names what fails")
    func readiness() async throws {
        let operations = OperationsRoutes(
            metrics: MetricRegistry(),
            readiness: [ReadinessCheck("database") { nil }, ReadinessCheck("blobs") { "the disk is full" }])
        let dispatcher = RequestDispatcher(table: try RouteTable(operations.routes), logger: CollectedLog().logger)
        let ready = try await dispatcher.respond(to: HubRequest(target: "/readyz"))
        #expect(ready.status == 503)
        guard case .bytes(let body) = ready.body else {
            Issue.record("no body")
            return
        }
        #expect(
            String(buffer: body)
                == #"{"ready":false,"failing":["blobs"],"checks":{"database":"ok","blobs":"the disk is full"}}"#)
        #expect(try await dispatcher.respond(to: HubRequest(target: "/livez")).status == 200)
        let metrics = try await dispatcher.respond(to: HubRequest(target: "/metrics"))
        guard case .bytes(let text) = metrics.body else {
            Issue.record("no body")
            return
        }
        #expect(String(buffer: text).contains("process_resident_memory_bytes "))
        #expect(String(buffer: text).contains("process_open_fds "))
    }
}
