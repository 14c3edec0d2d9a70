/// Tries everything that a stretch of bytes could be.
struct Examination {
    let session: ScanSession
    let fileName: String

    /// What is found of the ends of an archive that lies within something else.
    private static let ofEnds: Set<String> = [
        "zip.trailing", "zip.prefix", "zip.gap", "zip.ambiguous", "zip.header", "zip.count",
    ]

    /// Finds out what the bytes are, and notes what is in them.
    func format(of region: ScanRegion) -> String { format(of: region, path: "", depth: 0) }

    /// - Parameters:
    ///   - path: of a file within the file; empty for the file itself.
    ///   - depth: how many archives it is in.
    func format(of region: ScanRegion, path: String, depth: Int) -> String {
        guard depth <= ScanSession.maximumDepth else {
            session.note("container", .unknown, "container.depth", at: path, "lies deeper than is looked at")
            return "unknown"
        }
        guard region.count > 0 else { return "empty" }
        let head = session.read(region, at: 0, count: 4_096)
        guard !head.isEmpty else { return "unknown" }
        let name = lastPart(path.isEmpty ? fileName : path)
        let found = content(of: region, head, name, path: path, depth: depth)
        if depth > 0 {
            for finding in FileScanner.nameFindings(name: name, format: found) {
                session.note(finding.scanner, finding.verdict, finding.code, at: path, finding.text)
            }
        }
        return found
    }

    private func content(of region: ScanRegion, _ head: [UInt8], _ name: String, path: String, depth: Int) -> String {

        // Loaders of archives look at the end of a file, whatever its beginning is.
        let isZip = head.starts(with: [0x50, 0x4B, 0x03, 0x04]) || head.starts(with: [0x50, 0x4B, 0x05, 0x06])
        let before = session.findings.count
        let zip = ZipScan(self, region, path: path, depth: depth).format(isClaimed: isZip)
        if let zip {
            if isZip { return zip.format }
            if !zip.isExact {
                // Most likely an archive that lies within something else, and is looked at there again.
                for finding in session.takeBack(from: before) where !Self.ofEnds.contains(finding.code) {
                    session.note(finding)
                }
            }
        }
        let beginning = beginning(of: region, head, name, path: path, depth: depth)
        if let zip, zip.isExact {
            session.note(
                "container", .suspicious, "container.polyglot", at: path,
                "is an archive by its end, and \(beginning ?? "something else") by its beginning")
            return zip.format
        }
        if let beginning { return beginning }
        session.note("container", .unknown, "format.unknown", at: path, "is of no kind that is known here")
        SignatureSearch(session: session, region: region, path: path).run()
        return "unknown"
    }

    /// What the bytes are by their beginning; nil when that is not known.
    private func beginning(of region: ScanRegion, _ head: [UInt8], _ name: String, path: String, depth: Int) -> String?
    {
        if head.starts(with: [0x50, 0x4B]), head.count >= 4, head[2] < 10 { return nil }
        // A pickle has no magic: what a loader would run counts, whatever else the bytes look like.
        let expectation: PickleScan.Expectation = FileNames.isPickle(name) ? .named : .none
        let known = structure(of: region, head, name, path: path, depth: depth)
        if let known {
            guard PickleScan.doesAnything(session, region) else { return known }
            return PickleScan(session: session, region: region, path: path).format(expecting: .named) ?? known
        }
        if let pickle = PickleScan(session: session, region: region, path: path).format(expecting: expectation) {
            return pickle
        }
        if let text = TextScan(session: session, region: region, path: path, name: name).format() { return text }
        if let protobuf = ProtobufScan(session: session, region: region, path: path).format() { return protobuf }
        return MessagePackScan(session: session, region: region).format()
    }

    /// What has a magic, or a header whose parts fit each other.
    private func structure(of region: ScanRegion, _ head: [UInt8], _ name: String, path: String, depth: Int) -> String?
    {
        let tensors = TensorFileScan(session: session, region: region, path: path)
        if head.starts(with: "GGUF".utf8) { return tensors.gguf() }
        if let safetensors = tensors.safetensors() { return safetensors }
        if head.starts(with: NumpyHeader.magic) {
            return NumpyScan(session: session, region: region, path: path).format()
        }
        if head.starts(with: HDF5Scan.magic) { return HDF5Scan(session: session, region: region, path: path).format() }
        let columns = ColumnScan(session: session, region: region, path: path)
        if head.starts(with: "PAR1".utf8) { return columns.parquet() }
        if head.starts(with: "ARROW1".utf8) { return columns.arrow() }
        let packed = PackedScan(examination: self, region: region, path: path, depth: depth)
        if PackedScan.isGzip(head) { return packed.gzip() }
        if let opaque = PackedScan.opaqueName(head) {
            session.note(
                "container", .unknown, "container.opaque", at: path, "is packed as \(opaque), and not looked into")
            return opaque
        }
        if TarScan.begins(head) { return TarScan(self, region, path: path, depth: depth).format() }
        if let native = NativeCode.kind(head) {
            session.note("remote-code", .suspicious, "remote-code.native", at: path, "is \(native)")
            return "native"
        }
        if let media = MediaScan(session: session, region: region, path: path).format() { return media }
        return PackedScan.isZlib(head) ? packed.zlib() : nil
    }

    private func lastPart(_ name: String) -> String {
        String(name[(name.lastIndex { $0 == "/" || $0 == "!" }.map { name.index(after: $0) } ?? name.startIndex)...])
            .lowercased()
    }
}
