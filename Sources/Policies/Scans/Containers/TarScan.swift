/// Looks into a tar archive: `ustar`, `pax`, GNU's long names, and the old one without a magic.
struct TarScan {
    let examination: Examination
    let region: ScanRegion
    let path: String
    let depth: Int

    private var session: ScanSession { examination.session }
    private static let block: Int64 = 512

    init(_ examination: Examination, _ region: ScanRegion, path: String, depth: Int) {
        self.examination = examination
        self.region = region
        self.path = path
        self.depth = depth
    }

    /// Whether the bytes begin with a header whose checksum is right.
    static func begins(_ head: [UInt8]) -> Bool { head.count >= 512 && isHeader(Array(head[..<512])) }

    private static func isHeader(_ header: [UInt8]) -> Bool {
        guard header.count == 512, header[0] != 0, let claimed = number(header[148..<156]) else { return false }
        var unsigned: Int64 = 0
        var signed: Int64 = 0
        for (place, byte) in header.enumerated() {
            let value = (148..<156).contains(place) ? 0x20 : byte
            unsigned += Int64(value)
            signed += Int64(Int8(bitPattern: value))
        }
        return claimed == unsigned || claimed == signed
    }

    /// - Returns: always `tar`.
    func format() -> String {
        var at: Int64 = 0
        var longName: String?
        var sparse = false
        while at + Self.block <= region.count {
            do throws(ScanStop) {
                try session.member()
            } catch {
                note(.unknown, "tar.limit", PickleScan.text(error))
                return "tar"
            }
            let header = session.read(region, at: at, count: 512)
            if header.allSatisfy({ $0 == 0 }) { break }
            guard Self.isHeader(header) else {
                note(.unknown, "tar.broken", "has something else where a file should begin")
                SignatureSearch(session: session, region: region.slice(from: at), path: path).run()
                return "tar"
            }
            guard let size = Self.number(header[124..<136]), size >= 0 else {
                note(.unknown, "tar.broken", "has a file of no possible size")
                return "tar"
            }
            let data = at + Self.block
            if size > region.count - data { note(.unknown, "tar.truncated", "ends before its last file does") }
            let content = region.slice(from: data, count: size)
            let prefix = header[257..<262].elementsEqual("ustar".utf8) ? Self.text(header[345..<500]) : ""
            let shortName = Self.text(header[0..<100])
            let name = longName ?? (prefix.isEmpty ? shortName : "\(prefix)/\(shortName)")
            let link = Self.text(header[157..<257])
            switch header[156] {
            case UInt8(ascii: "L"):
                longName = Self.text(session.read(content, at: 0, count: Int(min(content.count, 4_096)))[...])
            case UInt8(ascii: "x"), UInt8(ascii: "g"):
                let records = session.read(content, at: 0, count: Int(min(content.count, 1 << 20)))
                let known = Self.records(records)
                if let path = known["path"] { longName = path }
                // A size that overrides the header's moves everything that follows.
                if known["size"] != nil || known.keys.contains(where: { $0.hasPrefix("GNU.sparse") }) { sparse = true }
            case UInt8(ascii: "K"): break
            case UInt8(ascii: "1"), UInt8(ascii: "2"):
                checkName(name)
                if link.hasPrefix("/") || link.split(separator: "/").contains("..") {
                    note(.suspicious, "tar.link", at: name, "is a link to \(link), outside of the archive")
                }
                longName = nil
            case UInt8(ascii: "3"), UInt8(ascii: "4"), UInt8(ascii: "6"):
                note(.suspicious, "tar.device", at: name, "is a device")
                longName = nil
            case UInt8(ascii: "5"):
                checkName(name)
                longName = nil
            case UInt8(ascii: "S"):
                note(.unknown, "tar.sparse", at: name, "is a file with holes, which is not put together")
                fallthrough
            default:
                checkName(name)
                if sparse { note(.unknown, "tar.extended", at: name, "has another size than its header says") }
                sparse = false
                _ = examination.format(of: content, path: member(name), depth: depth + 1)
                longName = nil
            }
            let blocks = size / Self.block + (size % Self.block == 0 ? 0 : 1)
            let (length, overflow) = blocks.multipliedReportingOverflow(by: Self.block)
            guard !overflow, length <= region.count - data else { return "tar" }
            at = data + length
        }
        checkEnd(from: at)
        return "tar"
    }

    /// After two blocks of zeros there is nothing but zeros.
    private func checkEnd(from start: Int64) {
        var at = start
        while at < region.count {
            let bytes = session.read(region, at: at, count: 1 << 20)
            guard !bytes.isEmpty else { return }
            if let place = bytes.firstIndex(where: { $0 != 0 }) {
                note(.unknown, "tar.trailing", "goes on after its end, at \(at + Int64(place))")
                SignatureSearch(session: session, region: region.slice(from: at), path: path).run()
                return
            }
            at += Int64(bytes.count)
        }
    }

    private func checkName(_ name: String) {
        if name.hasPrefix("/") || name.split(separator: "/").contains("..") || name.contains("\\") {
            note(.suspicious, "tar.traversal", at: name, "would be written outside of where the archive is unpacked")
        }
    }

    private func member(_ name: String) -> String { path.isEmpty ? name : "\(path)!\(name)" }

    private func note(_ verdict: ScanVerdict, _ code: String, at name: String? = nil, _ text: String) {
        session.note("container", verdict, code, at: name.map(member) ?? path, text)
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }

    /// Octal digits, or GNU's binary where the highest bit is set.
    private static func number(_ bytes: ArraySlice<UInt8>) -> Int64? {
        guard let first = bytes.first else { return nil }
        var value: Int64 = 0
        if first & 0x80 != 0 {
            guard first & 0x40 == 0 else { return nil }
            for (place, byte) in bytes.enumerated() {
                guard value < 1 << 54 else { return nil }
                value = value << 8 | Int64(place == 0 ? byte & 0x3F : byte)
            }
            return value
        }
        var isAny = false
        for byte in bytes {
            if byte == 0x20 || byte == 0 {
                if isAny { break }
                continue
            }
            guard (0x30...0x37).contains(byte), value < 1 << 58 else { return nil }
            value = value << 3 | Int64(byte - 0x30)
            isAny = true
        }
        return value
    }

    /// `length key=value`, each ended by a line feed.
    private static func records(_ bytes: [UInt8]) -> [String: String] {
        var known: [String: String] = [:]
        for line in bytes.split(separator: 0x0A) {
            let text = String(decoding: line, as: UTF8.self)
            guard let space = text.firstIndex(of: " "), let equals = text.firstIndex(of: "="), space < equals else {
                continue
            }
            known[String(text[text.index(after: space)..<equals])] = String(text[text.index(after: equals)...])
        }
        return known
    }
}
