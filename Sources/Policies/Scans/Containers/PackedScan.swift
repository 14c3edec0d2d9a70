/// Streams that are packed as a whole: those of gzip and zlib are unpacked, of the others it is known that they are.
struct PackedScan {
    let examination: Examination
    let region: ScanRegion
    let path: String
    let depth: Int

    private var session: ScanSession { examination.session }

    /// Kinds that are told by their beginning, and not looked into.
    private static let opaque: [(magic: [UInt8], name: String)] = [
        ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "7z"), ([0x52, 0x61, 0x72, 0x21, 0x1A, 0x07], "rar"),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "xz"), ([0x42, 0x5A, 0x68], "bzip2"),
        ([0x28, 0xB5, 0x2F, 0xFD], "zstd"), ([0x04, 0x22, 0x4D, 0x18], "lz4"), ([0x02, 0x21, 0x4C, 0x18], "lz4"),
        ([0x5D, 0x00, 0x00], "lzma"), ([0x1F, 0x9D], "compress"), ([0x1F, 0xA0], "compress"),
        ([0x4D, 0x53, 0x43, 0x46], "cab"), (Array("LZIP".utf8), "lzip"), (Array("!<arch>\n".utf8), "ar"),
        (Array("070701".utf8), "cpio"), (Array("ZF".utf8), "joblib-old"), ([0xC7, 0x71], "cpio"),
    ]

    static func opaqueName(_ head: [UInt8]) -> String? {
        guard let found = opaque.first(where: { head.starts(with: $0.magic) }) else { return nil }
        // Short magics need a second look, since texts begin with them too.
        switch found.name {
        case "bzip2":
            return head.count > 10 && head[4...9].elementsEqual([0x31, 0x41, 0x59, 0x26, 0x53, 0x59]) ? "bzip2" : nil
        case "joblib-old": return head.count > 4 && head[2...3].elementsEqual("0x".utf8) ? "joblib-old" : nil
        case "lzma": return head.count > 13 && head[4] <= 0x40 ? "lzma" : nil
        default: return found.name
        }
    }

    static func isGzip(_ head: [UInt8]) -> Bool { head.starts(with: [0x1F, 0x8B, 0x08]) }

    static func isZlib(_ head: [UInt8]) -> Bool {
        guard head.count >= 8, head[0] & 0x0F == 8, head[0] >> 4 <= 7, head[1] & 0x20 == 0 else { return false }
        return (Int(head[0]) << 8 | Int(head[1])) % 31 == 0
    }

    /// One stream after the other, as gzip has them.
    func gzip() -> String {
        var at: Int64 = 0
        var bytes: [UInt8] = []
        while at < region.count {
            do throws(ScanStop) {
                try session.attempt()
                var reader = RegionReader(session, region, from: at)
                guard try Self.skipGzipHeader(&reader) else {
                    note(.unknown, "gzip.trailing", "goes on after its end, at \(at)")
                    let rest = region.slice(from: at)
                    if !PickleScan.doesAnything(session, rest) {
                        SignatureSearch(session: session, region: rest, path: path).run()
                    } else {
                        _ = examination.format(of: rest, path: member("rest"), depth: depth + 1)
                    }
                    break
                }
                let unpacked = unpack(reader)
                bytes += unpacked.bytes
                guard unpacked.isWhole else { break }
                at = unpacked.end + 8
            } catch {
                note(.unknown, "gzip.broken", PickleScan.text(error))
                break
            }
        }
        _ = examination.format(of: ScanRegion(unpacked: bytes), path: member("unpacked"), depth: depth + 1)
        return "gzip"
    }

    /// - Returns: nil when it is not of this kind after all.
    func zlib() -> String? {
        var reader = RegionReader(session, region, from: 2)
        let probe = Inflate.unpack(reader, limit: 64)
        guard probe.fault == nil, !probe.bytes.isEmpty else { return nil }
        reader.move(to: 2)
        let unpacked = unpack(reader)
        if unpacked.isWhole, unpacked.end + 4 != region.count {
            note(.unknown, "zlib.trailing", "goes on after its end, at \(unpacked.end + 4)")
        }
        _ = examination.format(of: ScanRegion(unpacked: unpacked.bytes), path: member("unpacked"), depth: depth + 1)
        return "zlib"
    }

    private func unpack(_ reader: RegionReader) -> Unpacked {
        let unpacked = Inflate.unpack(reader, limit: Int(min(session.unpackable, 96 << 20)))
        session.unpacked(Int64(unpacked.bytes.count))
        if let fault = unpacked.fault { note(.unknown, "packed.broken", fault) }
        if unpacked.isCut { note(.unknown, "packed.large", "is more, when unpacked, than is looked at") }
        return unpacked
    }

    private static func skipGzipHeader(_ reader: inout RegionReader) throws(ScanStop) -> Bool {
        guard reader.left >= 18 else { return false }
        let fixed = try reader.bytes(10)
        guard isGzip(fixed) else { return false }
        let flags = fixed[3]
        if flags & 0x4 != 0 { try reader.skip(Int64(try reader.number(2))) }
        for flag in [UInt8(0x8), 0x10] where flags & flag != 0 {
            while try reader.byte() != 0 { try reader.session.step() }
        }
        if flags & 0x2 != 0 { try reader.skip(2) }
        return true
    }

    private func member(_ name: String) -> String { path.isEmpty ? name : "\(path)!\(name)" }

    private func note(_ verdict: ScanVerdict, _ code: String, _ text: String) {
        session.note("container", verdict, code, at: path, text)
    }
}
