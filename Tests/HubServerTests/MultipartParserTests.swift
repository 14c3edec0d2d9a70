import Testing

@testable import HubServer

@Suite("Bodies that are read while they arrive")
struct MultipartParserTests {
    private let form =
        "preamble\r\n--b\r\nContent-Disposition: form-data; name=\"file_path\"\r\n\r\na/b.txt\r\n"
        + "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x;\\\"y.bin\"\r\n"
        + "Content-Type: application/octet-stream\r\n\r\n\r\n--\r\n-b\r\n--bb\r\r\n"
        + "--b\r\nContent-Disposition: form-data; name=\"none\"\r\n\r\n\r\n--b--\r\nepilogue"

    private func events(_ text: String, step: Int) throws -> [MultipartParser.Event] {
        var parser = MultipartParser(boundary: "b")
        var events: [MultipartParser.Event] = []
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            parser.feed(rest.prefix(step))
            rest = rest.dropFirst(step)
            while let event = try parser.next() {
                if case .content(let more) = event, case .content(let bytes)? = events.last {
                    events[events.count - 1] = .content(bytes + more)
                } else {
                    events.append(event)
                }
            }
        }
        return events
    }

    @Test("a form is the same however its bytes are cut", arguments: [1, 2, 3, 5, 7, 11, 64, 10_000])
    func cuts(step: Int) throws {
        // A delimiter is what begins with it (RFC 2046 §5.1.1), so that content may not hold one.
        let form = form.replacing("\r\n--bb\r", with: "\r\n-bb\r")
        #expect(
            try events(form, step: step) == [
                .part(name: "file_path", filename: nil), .content(Array("a/b.txt".utf8)), .endOfPart,
                .part(name: "file", filename: "x;\"y.bin"), .content(Array("\r\n--\r\n-b\r\n-bb\r".utf8)), .endOfPart,
                .part(name: "none", filename: nil), .endOfPart, .end,
            ])
    }

    @Test("what is no form is told from one")
    func broken() throws {
        #expect(throws: MultipartParser.Problem.self) { try events(form, step: 9) }
        #expect(throws: MultipartParser.Problem.self) { try events("--b\r\nX: y\r\n\r\nz\r\n--b--", step: 4) }
        #expect(throws: MultipartParser.Problem.self) {
            try events("--b\r\n" + String(repeating: "x", count: 10_000), step: 100)
        }
        #expect(MultipartParser.boundary(of: "multipart/form-data; boundary=\"a b\"") == "a b")
        #expect(MultipartParser.boundary(of: "multipart/form-data") == nil)
        #expect(MultipartParser.boundary(of: "application/json; boundary=x") == nil)
    }

    @Test("elements are the same however their bytes are cut", arguments: [1, 2, 3, 7, 1_000])
    func elements(step: Int) throws {
        let text =
            #"{"a":{"files":[{"no":1}]},"message":"files\"}]","files":[ {"p":"]}\\","q":[{}]} , {"p":2}],"z":[{"n":0}]}"#
        var scanner = JSONElementScanner(member: "files", elementLimit: 100)
        var found: [String] = []
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            found += try scanner.feed(rest.prefix(step)).map { String(decoding: $0, as: UTF8.self) }
            rest = rest.dropFirst(step)
        }
        #expect(found == [#"{"p":"]}\\","q":[{}]}"#, #"{"p":2}"#])
        #expect(scanner.isComplete)
        let frame = String(decoding: scanner.frame, as: UTF8.self)
        #expect(frame.contains(#""message":"files\"}]","files":["#) && frame.hasSuffix(#""z":[{"n":0}]}"#))
    }

    @Test("S52: elements that are none, too large or too deep are refused")
    func badElements() {
        for text in [
            #"{"files":[1]}"#, #"{"files":[[]]}"#, #"[{"files":[]}]"#, "}",
            #"{"files":[{"x":"\#(String(repeating: "y", count: 200))"}]}"#, String(repeating: #"{"a":"#, count: 100),
        ] {
            var scanner = JSONElementScanner(member: "files", elementLimit: 100)
            #expect(throws: JSONElementScanner.Problem.self, "\(text)") { try scanner.feed(Array(text.utf8)) }
        }
    }
}
