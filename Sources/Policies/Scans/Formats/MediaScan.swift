/// Knows pictures, sounds and films by how they are put together, so that what is behind their end is noticed.
struct MediaScan {
    let session: ScanSession
    let region: ScanRegion
    let path: String

    /// - Returns: nil when the bytes are none of these.
    func format() -> String? {
        let head = session.read(region, at: 0, count: 16)
        guard head.count >= 8 else { return nil }
        do throws(ScanStop) {
            if head.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
                return try ended("png", try png())
            }
            if head.starts(with: [0xFF, 0xD8, 0xFF]) { return try ended("jpeg", try jpeg()) }
            if head.starts(with: "GIF87a".utf8) || head.starts(with: "GIF89a".utf8) {
                return try ended("gif", try gif())
            }
            if head.count >= 12, head.starts(with: "RIFF".utf8) {
                let kind = String(decoding: head[8..<12], as: UTF8.self)
                guard ["WAVE", "WEBP", "AVI "].contains(kind) else { return nil }
                let end = Int64(ZipEntry.word(head, 4)) + 8
                return try ended(kind.trimmed.lowercased(), end + end % 2)
            }
            if head[4..<8].elementsEqual("ftyp".utf8) { return try ended("mp4", try boxes()) }
            if head.starts(with: "OggS".utf8) { return try ended("ogg", try ogg()) }
            if head.starts(with: "fLaC".utf8) { return "flac" }
            if head.starts(with: "ID3".utf8), head[3] <= 4 { return "mp3" }
            if head.starts(with: "wOFF".utf8) || head.starts(with: "wOF2".utf8) { return "font" }
            if head.starts(with: "%PDF-".utf8) { return pdf() }
        } catch {
            session.note("container", .unknown, "media.broken", at: path, PickleScan.text(error))
            return "media"
        }
        return nil
    }

    private func ended(_ format: String, _ end: Int64) throws(ScanStop) -> String {
        if end < region.count {
            let rest = session.read(region, at: end, count: 4_096)
            if !rest.allSatisfy({ $0 == 0 || $0 == 0x0A || $0 == 0x0D }) || region.count - end > 4_096 {
                session.note(
                    "container", .unknown, "media.trailing", at: path,
                    "goes on for \(region.count - end) bytes after its end")
                SignatureSearch(session: session, region: region.slice(from: end), path: path).run()
            }
        } else if end > region.count + 1 {
            session.note("container", .unknown, "media.truncated", at: path, "ends before it should")
        }
        return format
    }

    private static func large(_ bytes: [UInt8]) -> Int64 { bytes.reduce(0) { $0 << 8 | Int64($1) } }

    private func png() throws(ScanStop) -> Int64 {
        var reader = RegionReader(session, region, from: 8)
        while true {
            try session.step(4)
            let length = Self.large(try reader.bytes(4))
            let kind = try reader.bytes(4)
            try reader.skip(length)
            try reader.skip(4)
            if kind.elementsEqual("IEND".utf8) { return reader.position }
        }
    }

    private func jpeg() throws(ScanStop) -> Int64 {
        var reader = RegionReader(session, region, from: 2)
        while true {
            try session.step()
            var byte = try reader.byte()
            // Within a scan everything is data, up to a marker.
            guard byte == 0xFF else { continue }
            while byte == 0xFF { byte = try reader.byte() }
            switch byte {
            case 0xD9: return reader.position
            case 0x00, 0x01, 0xD0...0xD8: continue
            default:
                let length = Self.large(try reader.bytes(2))
                try reader.skip(max(0, length - 2))
            }
        }
    }

    private func gif() throws(ScanStop) -> Int64 {
        var reader = RegionReader(session, region, from: 6)
        let screen = try reader.bytes(7)
        if screen[4] & 0x80 != 0 { try reader.skip(3 << Int64(screen[4] & 7 + 1)) }
        while true {
            try session.step(4)
            switch try reader.byte() {
            case 0x3B: return reader.position
            case 0x21: try reader.skip(1)
            case 0x2C:
                let image = try reader.bytes(9)
                if image[8] & 0x80 != 0 { try reader.skip(3 << Int64(image[8] & 7 + 1)) }
                try reader.skip(1)
            default: throw .fault("has a block that pictures do not have")
            }
            while true {
                let length = try reader.byte()
                if length == 0 { break }
                try reader.skip(Int64(length))
            }
        }
    }

    private func boxes() throws(ScanStop) -> Int64 {
        var reader = RegionReader(session, region)
        while reader.left >= 8 {
            try session.step(4)
            var length = Self.large(try reader.bytes(4))
            let kind = try reader.bytes(4)
            guard kind.allSatisfy({ (0x20...0x7E).contains($0) || $0 == 0xA9 }) else { return reader.position - 8 }
            if length == 0 { return region.count }
            var head: Int64 = 8
            if length == 1 {
                let bytes = try reader.bytes(8)
                guard bytes[0] < 0x80 else { throw .end }
                length = Self.large(bytes)
                head = 16
            }
            guard length >= head else { throw .fault("has a part of no length") }
            try reader.skip(length - head)
        }
        return reader.position
    }

    private func ogg() throws(ScanStop) -> Int64 {
        var reader = RegionReader(session, region)
        while reader.left >= 27 {
            try session.step(4)
            let start = reader.position
            let head = try reader.bytes(27)
            guard head.starts(with: "OggS".utf8) else { return start }
            let lengths = try reader.bytes(Int64(head[26]))
            try reader.skip(lengths.reduce(0) { $0 + Int64($1) })
        }
        return reader.position
    }

    private func pdf() -> String {
        NeedleSearch(texts: ["/JavaScript", "/Launch", "/JS "]).run(session, region) { _, _ in
            session.note("remote-code", .suspicious, "pdf.code", at: path, "is a document with code in it")
            return false
        }
        return "pdf"
    }
}

extension String {
    /// Without spaces at its ends.
    fileprivate var trimmed: String { String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
}
