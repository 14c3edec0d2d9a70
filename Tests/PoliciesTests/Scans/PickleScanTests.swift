import Testing

@testable import Policies

@Suite("Pickles are followed, not run")
struct PickleScanTests {
    private func scan(_ bytes: [UInt8], name: String = "x.pkl") -> ScanReport {
        var source = ScanBytes(bytes)
        return FileScanner().scan(name: name, source: &source)
    }

    @Test("plain data is clean in every protocol")
    func plain() {
        let zero = Array("(dp0\nS'a'\np1\n(lp2\nI1\naL5L\naF1.5\naI01\nas.".utf8)
        for bytes in [PickleBytes.plain, zero, PickleBytes.proto(4) + [0x95, 1, 0, 0, 0, 0, 0, 0, 0] + [0x4E, 0x2E]] {
            let report = scan(bytes)
            #expect(report.verdict == .clean, "\(report)")
            #expect(report.format == "pickle")
        }
    }

    @Test("only what is on the strict list is clean")
    func lists() {
        let cases: [(String, String, ScanVerdict)] = [
            ("collections", "OrderedDict", .clean), ("torch._utils", "_rebuild_tensor_v2", .clean),
            ("numpy", "dtype", .clean), ("builtins", "set", .unknown), ("torch._utils", "_rebuild_parameter", .unknown),
            ("mymodel", "Net", .suspicious), ("collections", "namedtuple", .suspicious), ("os", "system", .dangerous),
            ("os.path", "join", .dangerous), ("builtins", "getattr", .dangerous), ("torch", "os.system", .dangerous),
            ("collections", "OrderedDict.__init__", .dangerous), ("numpy", "ctypeslib.load_library", .suspicious),
        ]
        for (module, name, verdict) in cases {
            for way in [PickleBytes.global(module, name), PickleBytes.stackGlobal(module, name)] {
                let report = scan(PickleBytes.proto(4) + PickleBytes.call(way) + PickleBytes.stop)
                #expect(report.verdict == verdict, "\(module).\(name): \(report)")
            }
        }
    }

    @Test("names are put together as Python's machine does it, out of the memo too")
    func memo() {
        let os = PickleBytes.text("os")
        let system = PickleBytes.text("system")
        let safe = PickleBytes.text("collections") + [0x94] + PickleBytes.text("OrderedDict") + [0x94]
        let cases: [[UInt8]] = [
            os + [0x71, 0] + system + [0x71, 1] + [0x68, 0, 0x68, 1, 0x93],
            os + [0x71, 0] + system + [0x71, 1] + safe + [0x68, 0, 0x68, 1, 0x93],
            os + Array("p7\n".utf8) + system + Array("p +8\n".utf8) + Array("g 7\ng8\n".utf8) + [0x93],
            os + [0x72, 0xFF, 0xFF, 0xFF, 0x7F] + system + [0x6A, 0xFF, 0xFF, 0xFF, 0x7F, 0x30, 0x93],
            Array("V\\u006fs\nS'sys\\x74em'\n".utf8) + [0x93],
        ]
        for bytes in cases {
            let report = scan(PickleBytes.proto(4) + PickleBytes.call(bytes) + PickleBytes.stop)
            #expect(report.findings.contains { $0.text.contains("os.system") }, "\(report)")
            #expect(report.verdict == .dangerous)
        }
    }

    @Test("a name that is not written in the pickle is dangerous")
    func unresolved() {
        let computed = PickleBytes.text("os") + PickleBytes.call(PickleBytes.global("_codecs", "encode")) + [0x93]
        let missing: [UInt8] = [0x68, 9, 0x68, 10, 0x93]
        for bytes in [computed, missing, PickleBytes.text(String(repeating: "a", count: 255)) + [0x4E, 0x93]] {
            let report = scan(PickleBytes.proto(4) + PickleBytes.call(bytes) + PickleBytes.stop)
            #expect(report.verdict == .dangerous)
            #expect(report.findings.contains { $0.code == "pickle.unresolved" })
        }
    }

    @Test("changing an import for all is dangerous, registered numbers are suspicious")
    func changes() {
        let built = PickleBytes.global("collections", "OrderedDict") + Array("}b".utf8)
        #expect(scan(PickleBytes.proto() + built + PickleBytes.stop).verdict == .dangerous)
        #expect(scan(PickleBytes.proto() + [0x82, 1] + PickleBytes.stop).verdict == .suspicious)
    }

    @Test("what comes after the end counts", arguments: [false, true])
    func trailing(_ hasCode: Bool) {
        #expect(scan(PickleBytes.plain + PickleBytes.plain).verdict == .clean)
        #expect(scan(PickleBytes.plain + [0xFE, 0xFE] + (hasCode ? PickleBytes.evil : [])).verdict >= .unknown)
        #expect(scan(PickleBytes.plain + PickleBytes.evil).verdict == .dangerous)
        #expect(scan(PickleBytes.evil + PickleBytes.plain).verdict == .dangerous)
    }

    @Test("a pickle that breaks off is judged by what it did before")
    func broken() {
        #expect(scan(Array(PickleBytes.evil.dropLast())).verdict == .dangerous)
        #expect(scan(Array(PickleBytes.plain.dropLast())).verdict == .unknown)
        let harmless = PickleBytes.proto() + PickleBytes.global("collections", "OrderedDict") + Array(")R".utf8)
        #expect(scan(harmless).verdict == .suspicious)
        // Python takes the end of the file for the end of a line, and calls.
        #expect(scan(Array("(S'id'\nios\nsystemX".utf8)).verdict == .dangerous)
        #expect(scan(Array("(S'id'\niantigravityX".utf8)).verdict == .dangerous)
        #expect(scan(Array("no pickle at all\n".utf8)).verdict == .unknown)
    }

    @Test("a name decides nothing: a pickle is one whatever it is called")
    func names() {
        for name in ["x.txt", "model.safetensors", "README", "a.png", "x.json", "pytorch_model.bin"] {
            #expect(scan(PickleBytes.evil, name: name).verdict == .dangerous)
        }
        #expect(scan(Array("cos\nsystem\n(S'id'\ntR.".utf8), name: "notes.txt").verdict == .dangerous)
        #expect(scan(Array("Git v2.30.3 is out.\n".utf8), name: "notes.txt").verdict == .clean)
        #expect(scan(Array("N.N.cos\nsystem\n(S'id'\ntR.".utf8), name: "notes.txt").verdict == .dangerous)
        #expect(scan(Array("cos\nsin\ntan\n".utf8), name: "functions.txt").verdict == .clean)
    }

    @Test("deep and long ones take no more than they may")
    func bounds() {
        let marks = [UInt8](repeating: 0x28, count: 300_000)
        let nested = Array("N".utf8) + [UInt8](repeating: 0x85, count: 300_000)
        let doubled = PickleBytes.text("x") + [UInt8](repeating: 0x32, count: 300_000)
        for bytes in [marks, nested, doubled] {
            #expect(scan(PickleBytes.proto(4) + bytes + PickleBytes.stop).verdict >= .clean)
        }
        let many = (0..<30_000).flatMap { PickleBytes.global("m\($0)", "x") }
        #expect(scan(PickleBytes.proto() + many + PickleBytes.stop).verdict >= .unknown)
        let claims: [UInt8] = [0x8D, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]
        #expect(scan(PickleBytes.proto(4) + claims).verdict == .unknown)
    }

    @Test("a source that fails is never clean")
    func unreadable() {
        struct Broken: ScanSource {
            struct Failure: Error {}
            var size: Int64 { 100 }
            mutating func read(at offset: Int64, count: Int) throws -> [UInt8] {
                guard offset == 0 else { throw Failure() }
                return Array(PickleBytes.plain.prefix(3))
            }
        }
        var source = Broken()
        #expect(FileScanner().scan(name: "x", source: &source).verdict >= .unknown)
    }
}
