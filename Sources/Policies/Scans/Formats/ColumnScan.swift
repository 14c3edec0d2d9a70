/// Looks at tables: Parquet and Arrow, whose bytes run nothing unless a type of Arrow is a pickle.
struct ColumnScan {
    let session: ScanSession
    let region: ScanRegion
    let path: String

    /// The name of the type of Arrow that is a pickle: as it is, and in base64 at each of three offsets, as Parquet has it.
    private static let pickledType = NeedleSearch(texts: [
        "arrow.py_extension_type", "YXJyb3cucHlfZXh0ZW5zaW9uX3R5cG", "Fycm93LnB5X2V4dGVuc2lvbl90eX",
        "hcnJvdy5weV9leHRlbnNpb25fdHlwZ",
    ])

    func parquet() -> String {
        let end = session.read(region, at: max(0, region.count - 8), count: 8)
        guard region.count >= 12, end.count == 8, end[4...].elementsEqual("PAR1".utf8) else {
            note(.unknown, "parquet.end", "does not end as Parquet does")
            return "parquet"
        }
        let length = Int64(ZipEntry.word(end, 0))
        guard length <= region.count - 12 else {
            note(.suspicious, "parquet.footer", "claims a footer of \(length) bytes, more than the file has")
            return "parquet"
        }
        let footer = region.slice(from: region.count - 8 - length, count: length)
        var walk = ThriftWalk(RegionReader(session, footer))
        do throws(ScanStop) {
            try walk.structure(depth: 0)
            if walk.left > 0 { throw .fault("has a footer longer than what is in it") }
        } catch {
            note(.unknown, "parquet.footer", PickleScan.text(error))
        }
        pickled(footer)
        return "parquet"
    }

    func arrow() -> String {
        let end = session.read(region, at: max(0, region.count - 10), count: 10)
        if region.count < 18 || end.count < 10 || !end[4...].elementsEqual("ARROW1".utf8) {
            note(.unknown, "arrow.end", "does not end as Arrow does")
        } else if Int64(ZipEntry.word(end, 0)) > region.count - 18 {
            note(.suspicious, "arrow.footer", "claims a footer longer than the file")
        }
        pickled(region)
        return "arrow"
    }

    private func pickled(_ region: ScanRegion) {
        Self.pickledType.run(session, region) { _, _ in
            note(.dangerous, "arrow.pickle", "has a type that is a pickle, which reading it loads")
            return false
        }
    }

    private func note(_ verdict: ScanVerdict, _ code: String, _ text: String) {
        session.note("parquet", verdict, code, at: path, text)
    }
}

/// Goes through a structure in Thrift's compact protocol without knowing what it means.
struct ThriftWalk {
    private var reader: RegionReader

    init(_ reader: RegionReader) { self.reader = reader }

    var left: Int64 { reader.left }

    mutating func structure(depth: Int) throws(ScanStop) {
        guard depth < 24 else { throw .limit("has structures too deep to look at") }
        while true {
            try reader.session.step()
            let byte = try reader.byte()
            if byte == 0 { return }
            if byte & 0xF0 == 0 { _ = try varint() }
            try value(byte & 0x0F, depth: depth, inList: false)
        }
    }

    private mutating func value(_ type: UInt8, depth: Int, inList: Bool) throws(ScanStop) {
        switch type {
        case 1, 2: if inList { _ = try reader.byte() }
        case 3: _ = try reader.byte()
        case 4, 5, 6: _ = try varint()
        case 7: try reader.skip(8)
        case 8:
            guard let length = Int64(exactly: try varint()) else { throw .end }
            try reader.skip(length)
        case 9, 10:
            guard depth < 24 else { throw .limit("has lists too deep to look at") }
            let head = try reader.byte()
            let count = head >> 4 == 15 ? try varint() : UInt64(head >> 4)
            guard count <= UInt64(max(0, reader.left)) else { throw .end }
            for _ in 0..<count {
                try reader.session.step()
                try value(head & 0x0F, depth: depth + 1, inList: true)
            }
        case 11:
            guard depth < 24 else { throw .limit("has maps too deep to look at") }
            let count = try varint()
            guard count > 0 else { return }
            let types = try reader.byte()
            guard count <= UInt64(max(0, reader.left)) else { throw .end }
            for _ in 0..<count {
                try reader.session.step()
                try value(types >> 4, depth: depth + 1, inList: true)
                try value(types & 0x0F, depth: depth + 1, inList: true)
            }
        case 12: try structure(depth: depth + 1)
        default: throw .fault("has a field of no known kind in its footer")
        }
    }

    private mutating func varint() throws(ScanStop) -> UInt64 {
        var value: UInt64 = 0
        for place in 0..<10 {
            let byte = try reader.byte()
            value |= UInt64(byte & 0x7F) << UInt64(7 * place)
            if byte < 0x80 { return value }
        }
        throw .fault("has a number that is too long")
    }
}
