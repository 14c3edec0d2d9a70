/// Looks into a zip archive in all the ways that loaders read it: by each directory at its end, and header by header from
/// its beginning on.
struct ZipScan {
    let examination: Examination
    let region: ScanRegion
    let path: String
    let depth: Int

    private var session: ScanSession { examination.session }

    /// What was looked at already: content is told by where it lies, not by what it is called.
    private struct Content: Hashable {
        let data: Int64
        let packed: Int64
        let size: Int64
        let method: UInt16
    }

    init(_ examination: Examination, _ region: ScanRegion, path: String, depth: Int) {
        self.examination = examination
        self.region = region
        self.path = path
        self.depth = depth
    }

    /// - Parameter isClaimed: whether the bytes begin as an archive, so that its directory is missed when there is none.
    /// - Returns: nil when there is no archive; and whether it ends where the bytes end.
    func format(isClaimed: Bool) -> (format: String, isExact: Bool)? {
        var directories: [ZipDirectory] = []
        do throws(ScanStop) {
            directories = try ZipDirectory.all(session, region)
        } catch {
            note(.unknown, "zip.limit", PickleScan.text(error))
        }
        guard !directories.isEmpty || isClaimed else { return nil }
        let names = directories.flatMap { $0.entries.map(\.shownName) }
        let layout = ZipLayout(names: names)
        var seen: Set<Content> = []
        do throws(ScanStop) {
            for directory in directories { try look(at: directory, layout, &seen) }
            let first = directories.first
            try walk(from: isClaimed ? 0 : first.map { max(0, $0.shift) } ?? 0, first, layout, &seen)
        } catch {
            note(.unknown, "zip.limit", PickleScan.text(error))
        }
        if directories.isEmpty { note(.unknown, "zip.truncated", "has no directory at its end") }
        if directories.count > 1, differ(directories) {
            note(.suspicious, "zip.ambiguous", "has more than one directory that loaders may take for its own")
        }
        if let first = directories.first { checkShape(first) }
        if layout.hasCode {
            session.note("remote-code", .suspicious, "torchscript.code", at: path, "holds TorchScript, which is code")
        }
        return (layout.format, directories.first.map { $0.finish == region.count } ?? false)
    }

    private func differ(_ directories: [ZipDirectory]) -> Bool {
        guard let first = directories.first else { return false }
        return directories.dropFirst().contains { $0.start != first.start || $0.entries.count != first.entries.count }
    }

    private func checkShape(_ directory: ZipDirectory) {
        if directory.claimedCount != Int64(directory.entries.count) {
            note(
                .unknown, "zip.count",
                "claims \(directory.claimedCount) files and lists \(directory.entries.count)")
        }
        if directory.finish != region.count {
            note(.unknown, "zip.trailing", "does not end with its directory")
        }
        if !directory.entries.isEmpty, directory.end < directory.record {
            note(.unknown, "zip.gap", "has \(directory.record - directory.end) bytes after its directory")
        }
        if directory.shift > 0, !directory.entries.isEmpty {
            note(.unknown, "zip.prefix", "has \(directory.shift) bytes before it")
        }
        var names: Set<String> = []
        for entry in directory.entries where !names.insert(entry.shownName).inserted {
            note(
                .suspicious, "zip.duplicate", at: entry.shownName,
                "is there more than once, and loaders differ in which they take")
        }
        checkOverlaps(directory)
    }

    private func checkOverlaps(_ directory: ZipDirectory) {
        var end: Int64 = 0
        let sorted = directory.entries.filter { $0.packed > 0 }.sorted { $0.header < $1.header }
        for entry in sorted {
            if entry.header < end {
                note(.suspicious, "zip.overlap", at: entry.shownName, "lies over another file of the archive")
                return
            }
            let (dataEnd, overflow) = entry.header.addingReportingOverflow(entry.packed)
            end = overflow ? Int64.max : dataEnd
        }
    }

    // MARK: - By the directory

    private func look(at directory: ZipDirectory, _ layout: ZipLayout, _ seen: inout Set<Content>) throws(ScanStop) {
        for entry in directory.entries {
            try session.step(20)
            checkName(entry)
            let places = directory.shift == 0 ? [entry.header] : [entry.header, entry.header &+ directory.shift]
            var isFound = false
            for place in places {
                guard let (local, data) = ZipEntry.local(at: place, session, region) else { continue }
                isFound = true
                compare(entry, local)
                try content(of: entry, at: data, layout, &seen)
                let isOther = local.method != entry.method || !local.hasDescriptor && local.packed != entry.packed
                if isOther, local.packed > 0 { try content(of: local, at: data, layout, &seen) }
            }
            if !isFound {
                note(.unknown, "zip.header", at: entry.shownName, "is listed, and is not where the directory says")
            }
        }
    }

    private func compare(_ entry: ZipEntry, _ local: ZipEntry) {
        var differences: [String] = []
        if entry.name != local.name { differences.append("names") }
        if entry.method != local.method { differences.append("packing") }
        if entry.flags & 0x1 != local.flags & 0x1 { differences.append("encryption") }
        let isLater = local.hasDescriptor || entry.hasDescriptor
        if !isLater || local.packed != 0 && local.packed != 0xFFFF_FFFF {
            if entry.packed != local.packed || entry.size != local.size { differences.append("sizes") }
        }
        if !isLater, entry.checksum != local.checksum { differences.append("checksums") }
        guard !differences.isEmpty else { return }
        note(
            .suspicious, "zip.disagreement", at: entry.shownName,
            "has two headers that differ in \(differences.joined(separator: ", "))")
    }

    private func checkName(_ entry: ZipEntry) {
        let name = entry.shownName
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        if name.hasPrefix("/") || parts.contains("..") || name.contains("\\") || name.contains("\0")
            || name.dropFirst().hasPrefix(":")
        {
            note(.suspicious, "zip.traversal", at: name, "would be written outside of where the archive is unpacked")
        }
        if entry.isLink { note(.suspicious, "zip.link", at: name, "is a symbolic link") }
    }

    // MARK: - From the beginning on

    /// Goes from header to header, as loaders that read a stream do, and finds what no directory lists.
    private func walk(
        from start: Int64, _ directory: ZipDirectory?, _ layout: ZipLayout, _ seen: inout Set<Content>
    ) throws(ScanStop) {
        var listed: [Int64: ZipEntry] = [:]
        for entry in directory?.entries ?? [] { listed[entry.header &+ (directory?.shift ?? 0)] = entry }
        let places = listed.keys.sorted()
        var nextListed = 0
        let end = directory.map { $0.entries.isEmpty ? $0.record : $0.start } ?? region.count
        var at = start
        while at < end {
            try session.step(10)
            guard let (local, data) = ZipEntry.local(at: at, session, region) else {
                // What nobody lists and nobody could read: up to the next file that is listed.
                while nextListed < places.count, places[nextListed] <= at { nextListed += 1 }
                let next = nextListed < places.count ? min(places[nextListed], end) : end
                try gap(from: at, to: next, layout, &seen)
                at = max(next, at + 1)
                continue
            }
            let entry = listed[at]
            if directory != nil, entry == nil {
                note(
                    .suspicious, "zip.hidden", at: local.shownName,
                    "is in the archive, and is not listed in its directory")
            }
            var shown = entry ?? local
            if entry == nil, local.hasDescriptor, local.packed == 0 {
                // Its end is not known: it is looked at as far as it may go.
                while nextListed < places.count, places[nextListed] <= at { nextListed += 1 }
                shown.packed = (nextListed < places.count ? min(places[nextListed], end) : end) - data
            }
            if entry == nil {
                try session.member()
                try content(of: shown, at: data, layout, &seen)
            }
            let (dataEnd, overflow) = data.addingReportingOverflow(max(0, shown.packed))
            guard !overflow, dataEnd <= region.count else { break }
            at = max(at + 30, afterDescriptor(dataEnd, shown.hasDescriptor || local.hasDescriptor))
        }
    }

    /// Where the next header is to be expected, after sizes that follow the content.
    private func afterDescriptor(_ end: Int64, _ hasDescriptor: Bool) -> Int64 {
        guard hasDescriptor else { return end }
        let bytes = session.read(region, at: end, count: Int(min(28, max(0, region.count - end))))
        for length in [16, 24, 12, 20, 0] where length + 2 <= bytes.count {
            if bytes[length] == 0x50, bytes[length + 1] == 0x4B, length == 0 || bytes.count > length + 3 {
                let isNext = [0x0403, 0x0201, 0x0606, 0x0605, 0x0304].contains(Int(ZipEntry.half(bytes, length + 2)))
                if isNext { return end + Int64(length) }
            }
        }
        return end
    }

    private func gap(from start: Int64, to end: Int64, _ layout: ZipLayout, _ seen: inout Set<Content>) throws(ScanStop)
    {
        guard end > start else { return }
        let bytes = session.read(region, at: start, count: Int(min(end - start, 1 << 20)))
        if end - start <= 1 << 16, bytes.allSatisfy({ $0 == 0 }) { return }
        note(.unknown, "zip.gap", "has \(end - start) bytes that belong to none of its files")
        var at = 0
        while at + 4 <= bytes.count {
            if bytes[at] == 0x50, ZipEntry.word(bytes, at) == 0x0403_4B50,
                case (var local, let data)? = ZipEntry.local(at: start + Int64(at), session, region)
            {
                try session.member()
                note(
                    .suspicious, "zip.hidden", at: local.shownName,
                    "is in the archive, and is not listed in its directory")
                if local.packed == 0 { local.packed = max(0, end - data) }
                try content(of: local, at: data, layout, &seen)
            }
            at += 1
        }
        SignatureSearch(session: session, region: region.slice(from: start, count: end - start), path: path).run()
    }

    // MARK: - One file

    private func content(
        of entry: ZipEntry, at data: Int64, _ layout: ZipLayout, _ seen: inout Set<Content>
    ) throws(ScanStop) {
        let key = Content(data: data, packed: entry.packed, size: entry.size, method: entry.method)
        guard seen.insert(key).inserted, !entry.isDirectory else { return }
        let name = entry.shownName
        let place = member(name)
        if entry.isEncrypted {
            note(.unknown, "zip.encrypted", at: name, "is encrypted, or says so")
        }
        let (end, overflow) = data.addingReportingOverflow(entry.packed)
        if overflow || end > region.count {
            note(.unknown, "zip.truncated", at: name, "goes on after the end of the file")
        }
        let packed = region.slice(from: data, count: entry.packed)
        switch entry.method {
        case 0:
            if entry.size != entry.packed, entry.packed > 0 || entry.size == 0 {
                note(.unknown, "zip.size", at: name, "has two sizes, and is not packed")
            }
            let isStorage = layout.isStorage(name)
            if !isStorage, packed.count <= 1 << 20, packed.count == entry.size, !entry.isEncrypted {
                check(entry, session.read(packed, at: 0, count: Int(packed.count)))
            }
            look(at: packed, name, place, isStorage: isStorage)
        case 8:
            inflate(entry, packed, name, place, layout)
        default:
            note(.unknown, "zip.method", at: name, "is packed in a way that is not looked into (\(entry.method))")
        }
    }

    private func inflate(_ entry: ZipEntry, _ packed: ScanRegion, _ name: String, _ place: String, _ layout: ZipLayout)
    {
        // Arrays of numbers are known by their beginning, and need not be unpacked.
        let beginning = Inflate.unpack(RegionReader(session, packed), limit: 64 << 10)
        session.unpacked(Int64(beginning.bytes.count))
        if beginning.isCut {
            let claimed = ScanRegion(unpacked: beginning.bytes, count: entry.size)
            if NumpyHeader.isPlainArray(session, claimed) { return }
        }
        let limit = Int(min(session.unpackable, 96 << 20))
        let unpacked = beginning.isCut ? Inflate.unpack(RegionReader(session, packed), limit: limit) : beginning
        session.unpacked(Int64(unpacked.bytes.count))
        if let fault = unpacked.fault { note(.unknown, "zip.packing", at: name, fault) }
        if unpacked.isCut { note(.unknown, "zip.large", at: name, "is more, when unpacked, than is looked at") }
        if unpacked.isWhole {
            if Int64(unpacked.bytes.count) != entry.size, !(entry.hasDescriptor && entry.size == 0) {
                note(.unknown, "zip.size", at: name, "unpacks to another size than it says")
            } else if !entry.isEncrypted {
                check(entry, unpacked.bytes)
            }
        }
        if entry.isEncrypted, unpacked.bytes.isEmpty { return }
        look(at: ScanRegion(unpacked: unpacked.bytes), name, place, isStorage: layout.isStorage(name))
    }

    private func check(_ entry: ZipEntry, _ bytes: [UInt8]) {
        guard !(entry.hasDescriptor && entry.checksum == 0), CRC32.of(bytes) != entry.checksum else { return }
        note(.unknown, "zip.checksum", at: entry.shownName, "has another checksum than it says")
    }

    private func look(at content: ScanRegion, _ name: String, _ place: String, isStorage: Bool) {
        if isStorage, !PickleScan.doesAnything(session, content) { return }
        _ = examination.format(of: content, path: place, depth: depth + 1)
    }

    private func member(_ name: String) -> String { path.isEmpty ? name : "\(path)!\(name)" }

    private func note(_ verdict: ScanVerdict, _ code: String, at name: String? = nil, _ text: String) {
        session.note("container", verdict, code, at: name.map(member) ?? path, text)
    }
}
