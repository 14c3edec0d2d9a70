import Testing

@testable import Policies

@Suite("Archives are looked into in all the ways that loaders read them")
struct ZipScanTests {
    private func scan(_ bytes: [UInt8], name: String = "x.zip") -> ScanReport {
        var source = ScanBytes(bytes)
        return FileScanner().scan(name: name, source: &source)
    }

    private let text = Array("hello\n".utf8)

    @Test("texts in an archive are clean, a pickle with code in it is not")
    func plain() {
        #expect(scan(ZipBytes.stored([("a.txt", text)])).verdict == .clean)
        #expect(scan(ZipBytes.stored([])).verdict == .clean)
        let report = scan(ZipBytes.stored([("a.txt", text), ("b", PickleBytes.evil)]))
        #expect(report.verdict == .dangerous)
        #expect(report.findings.first?.place == "b:2")
    }

    @Test("empty end records do not hide what is before them")
    func emptyEnds() {
        let real = ZipBytes.stored([("a.pkl", PickleBytes.evil)])
        for count in [1, 8, 100] {
            let ends = (0..<count).flatMap { _ in ZipBytes.end(count: 0, size: 0, offset: 0) }
            #expect(scan(real + ends).verdict == .dangerous)
            // With all of them in the comment of the real one.
            #expect(scan(ZipBytes.stored([("a.pkl", PickleBytes.evil)], comment: ends)).verdict == .dangerous)
        }
    }

    @Test("two archives one after the other are both looked into")
    func concatenated() {
        let evil = ZipBytes.stored([("a.pkl", PickleBytes.evil)])
        let plain = ZipBytes.stored([("a.txt", text)])
        #expect(scan(evil + plain).verdict == .dangerous)
        #expect(scan(plain + evil).verdict == .dangerous)
    }

    @Test("a file that no directory lists is found")
    func hidden() {
        let first = ZipBytes.local("a.pkl", PickleBytes.evil)
        let second = ZipBytes.local("b.txt", text)
        let directory = ZipBytes.central("b.txt", text, at: first.count)
        let end = ZipBytes.end(count: 1, size: directory.count, offset: first.count + second.count)
        let report = scan(first + second + directory + end)
        #expect(report.verdict == .dangerous)
        #expect(report.findings.contains { $0.code == "zip.hidden" })
        // Between files, behind bytes that are no header.
        let shifted = ZipBytes.central("b.txt", text, at: 0)
        let gap = second + [1, 2, 3] + first + shifted
        #expect(
            scan(gap + ZipBytes.end(count: 1, size: shifted.count, offset: gap.count - shifted.count)).verdict
                == .dangerous)
    }

    @Test("headers that disagree are noticed, and both are followed")
    func disagreement() {
        let local = ZipBytes.local("a.txt", PickleBytes.evil, flags: 1, method: 0)
        let directory = ZipBytes.central("a.pkl", PickleBytes.evil, at: 0)
        let report = scan(local + directory + ZipBytes.end(count: 1, size: directory.count, offset: local.count))
        #expect(report.verdict == .dangerous)
        #expect(report.findings.contains { $0.code == "zip.disagreement" })
    }

    @Test("the same bytes listed hundreds of times cost no more than they may")
    func bomb() {
        let content = [UInt8](repeating: 0xFF, count: 4_000)
        let local = ZipBytes.local("a", content)
        var directory: [UInt8] = []
        for number in 0..<300 {
            directory += ZipBytes.central("a\(number)", Array(content.prefix(4_000 - number)), at: 0)
        }
        let report = scan(local + directory + ZipBytes.end(count: 300, size: directory.count, offset: local.count))
        #expect(report.verdict >= .unknown)
    }

    @Test("packed bytes unpack to what they were, and not to more than is kept")
    func inflate() {
        // What zlib made of "hello hello hello hello\n" and of a thousand zeros.
        let hello: [UInt8] = [0xCB, 0x48, 0xCD, 0xC9, 0xC9, 0x57, 0xC8, 0x40, 0x27, 0xB9, 0x00]
        let zeros: [UInt8] = [0x63, 0x60, 0x18, 0x05, 0xA3, 0x60, 0x14, 0x0C, 0x77, 0x00, 0x00]
        let session = ScanSession(ScanBytes([]))
        let first = Inflate.unpack(RegionReader(session, ScanRegion(unpacked: hello)), limit: 1_000)
        #expect(first.isWhole)
        #expect(String(decoding: first.bytes, as: UTF8.self) == "hello hello hello hello\n")
        #expect(first.end == Int64(hello.count))
        let cut = Inflate.unpack(RegionReader(session, ScanRegion(unpacked: zeros)), limit: 100)
        #expect(cut.isCut && cut.bytes.count <= 100)
        let broken = Inflate.unpack(RegionReader(session, ScanRegion(unpacked: [0xFF, 0xFF])), limit: 100)
        #expect(broken.fault != nil)
    }

    @Test("a checkpoint's tensors are left alone, unless something in their place is a pickle")
    func storages() {
        let state = PickleBytes.plain
        let tensor = [UInt8](repeating: 0xFF, count: 100)
        #expect(scan(ZipBytes.stored([("m/data.pkl", state), ("m/data/0", tensor)])).verdict == .clean)
        #expect(scan(ZipBytes.stored([("m/data.pkl", state), ("m/data/0", PickleBytes.evil)])).verdict == .dangerous)
        let unfinished = Array(PickleBytes.evil.dropLast())
        #expect(scan(ZipBytes.stored([("m/data.pkl", state), ("m/data/0", unfinished)])).verdict == .dangerous)
        #expect(scan(ZipBytes.stored([("m/data.pkl", state), ("m/other/0", tensor)])).verdict == .unknown)
    }
}
