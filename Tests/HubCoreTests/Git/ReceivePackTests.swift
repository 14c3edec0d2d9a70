import Testing

@testable import HubCore

@Suite("A push on the wire")
struct ReceivePackTests {
    private let old = String(repeating: "1", count: 40)
    private let new = String(repeating: "2", count: 40)
    private let zero = String(repeating: "0", count: 40)

    private func lines(_ lines: [String]) -> [UInt8] {
        lines.flatMap { PktLine.data(Array($0.utf8)).encoded } + PktLine.flush.encoded
    }

    private func parse(_ body: [UInt8], limits: ReceivePackRequest.Limits = .init()) throws -> ReceivePackRequest {
        var parser = ReceivePackRequestParser(limits: limits)
        try parser.append(body)
        try parser.finish()
        return parser.request
    }

    @Test("is read alike however it is cut, and the pack behind it is left alone")
    func cuts() throws {
        let body = lines([
            "shallow \(old)", "\(zero) \(new) refs/heads/main\0report-status atomic agent=git/2.39.5",
            "\(old) \(zero) refs/tags/ünïcode\n",
        ])
        let pack = Array("PACK and what follows 0000".utf8)
        let stream = body + pack
        for cut in 0...stream.count {
            var parser = ReceivePackRequestParser()
            var rest: [UInt8] = []
            for part in [stream[..<cut], stream[cut...]] {
                if parser.isComplete {
                    rest += part
                } else {
                    try parser.append(part)
                }
            }
            #expect(parser.isComplete)
            try parser.finish()
            #expect(parser.takePack() + rest == pack, "cut at \(cut)")
            #expect(
                parser.request.commands == [
                    .init(old: nil, new: ObjectID(new), name: "refs/heads/main"),
                    .init(old: ObjectID(old), new: nil, name: "refs/tags/ünïcode"),
                ])
            #expect(parser.request.shallow == [ObjectID(old)].compactMap(\.self))
            #expect(parser.request.isAtomic && parser.request.wantsReport && !parser.request.usesSideBand)
        }
        for cut in 1..<body.count {
            var parser = ReceivePackRequestParser()
            try parser.append(body[..<cut])
            #expect(throws: HubError.self) { try parser.finish() }
        }
    }

    @Test("of nothing is the client's question whether it may come in")
    func probe() throws {
        #expect(try parse(Array("0000".utf8)).commands == [])
        #expect(try parse([]).commands == [])
    }

    @Test(
        "that is malformed is refused",
        arguments: [
            "x", "0001", "0003", "zzzz", "fff4" + String(repeating: "a", count: 40), "0005x0000", "000a12345 0000",
        ])
    func malformed(body: String) {
        #expect(throws: HubError.self) { _ = try parse(Array(body.utf8)) }
    }

    @Test("with wrong lines is refused")
    func wrongLines() throws {
        for line in [
            "\(old) \(new)", "\(old)  \(new) refs/heads/main", "\(old) \(new.dropLast())g refs/heads/main",
            "push-cert\0report-status", "shallow 123", "\(old)\t\(new)\trefs/heads/a",
        ] {
            let error = #expect(throws: HubError.self, "\(line)") { _ = try parse(lines([line])) }
            #expect(error?.code == .badRequest)
        }
        // Capabilities come once; a NUL in a later line hides nothing.
        let twice = ["\(zero) \(new) refs/heads/a\0quiet", "\(zero) \(new) refs/heads/b\0atomic"]
        #expect(throws: HubError.self) { _ = try parse(lines(twice)) }
        let latin1 = PktLine.data(Array("\(zero) \(new) refs/heads/".utf8) + [0xFC]).encoded + PktLine.flush.encoded
        #expect(throws: HubError.self) { _ = try parse(latin1) }
    }

    @Test("S9: that wants what was not offered is refused")
    func notOffered() throws {
        for capability in ["push-options", "object-format=sha256"] {
            let error = #expect(throws: HubError.self) {
                _ = try parse(lines(["\(zero) \(new) refs/heads/main\0\(capability)"]))
            }
            #expect(error?.code == .notSupported)
        }
    }

    @Test("has a bounded number of updates")
    func bounded() throws {
        let many = (0...3).map { "\(zero) \(new) refs/heads/b\($0)" }
        #expect(try parse(lines(many)).commands.count == 4)
        let error = #expect(throws: HubError.self) { _ = try parse(lines(many), limits: .init(commands: 3)) }
        #expect(error?.code == .payloadTooLarge)
    }

    @Test("is offered the refs there are, or says that there are none")
    func advertisement() throws {
        let empty = String(decoding: ReceivePackAdvertisement.encoded([]), as: UTF8.self)
        #expect(empty.hasPrefix("001f# service=git-receive-pack\n0000"))
        #expect(empty.contains("\(zero) capabilities^{}\0report-status ") && empty.hasSuffix("\n0000"))
        let refs = [
            Ref(name: try refName("refs/tags/v1"), target: .zero),
            Ref(name: try refName("refs/heads/b"), target: .zero),
        ]
        let two = String(decoding: ReceivePackAdvertisement.encoded(refs), as: UTF8.self)
        #expect(two.contains("\(zero) refs/heads/b\0report-status") && two.hasSuffix("\(zero) refs/tags/v1\n0000"))
    }

    @Test("is answered in side-bands where the client knows them, on single lines")
    func report() throws {
        var request = ReceivePackRequest()
        let report = ReceivePackReport(
            outcomes: [.init(name: "refs/heads/a", refusal: nil), .init(name: "refs/heads/b", refusal: "no\nok x")],
            remarks: ["look\u{1B}[31m"])
        #expect(report.encoded(for: request) == [])
        request.capabilities = ["report-status"]
        let plain = "000eunpack ok\n0014ok refs/heads/a\n001cng refs/heads/b no ok x\n0000"
        #expect(String(decoding: report.encoded(for: request), as: UTF8.self) == plain)
        request.capabilities.insert("side-band-64k")
        let framed = String(decoding: report.encoded(for: request), as: UTF8.self)
        #expect(framed == "000f\u{2}look [31m\n" + "0047\u{1}\(plain)" + "0000")
    }

    @Test("shows large files and pointers, however git's answers are cut")
    func contents() throws {
        let commit = String(repeating: "c", count: 40)
        let pointer = LFSPointer(oid: try #require(BlobID(String(repeating: "ab", count: 32))), size: 77)
        let text = String(decoding: pointer.encoded, as: UTF8.self)
        let other = String(repeating: "x\n", count: 100)
        let facts = Array(
            """
            commit \(commit) 200\u{20}
            tree \(old) 30\u{20}
            blob \(new) 900 big file.bin
            blob \(old) \(text.utf8.count) a/model.bin
            blob \(new) \(other.utf8.count) notes
            blob \(new) 3 tiny

            """.utf8)
        let texts = Array("\(old) blob \(text.utf8.count)\n\(text)\n\(new) blob \(other.utf8.count)\n\(other)\n".utf8)
        for size in 1...max(facts.count, texts.count) {
            var reader = PushedContentsReader(largest: 800)
            for start in stride(from: 0, to: facts.count, by: size) {
                reader.append(facts: facts[start..<min(start + size, facts.count)])
            }
            #expect(reader.candidates.map(\.path) == ["a/model.bin", "notes"])
            for start in stride(from: 0, to: texts.count, by: size) {
                reader.append(texts: texts[start..<min(start + size, texts.count)])
            }
            #expect(reader.contents.largeFiles == [.init(path: "big file.bin", size: 900)])
            #expect(
                reader.contents.pointers == [.init(pointer: pointer, commit: ObjectID(commit), path: "a/model.bin")])
        }
    }
}
