/// Looks at all pickles that follow each other in a stretch of bytes.
struct PickleScan {
    let session: ScanSession
    let region: ScanRegion
    /// The path of what is scanned within the file; empty for the file itself.
    let path: String

    /// What makes one expect a pickle here.
    enum Expectation {
        /// Nothing does: it is tried because a loader would.
        case none
        /// The name, or the container around it.
        case named
    }

    /// What was seen of one pickle.
    private struct Run {
        var record: PickleRecord
        var start: Int64
        /// After `STOP`; nil when it did not come so far.
        var end: Int64?
        var stop: ScanStop?
    }

    /// - Returns: what it is, `pickle` or `torch-legacy`; nil when it is no pickle, of which nothing is noted then.
    func format(expecting expectation: Expectation) -> String? {
        let first = run(from: 0)
        guard isPickle(first, expectation) else { return nil }
        judge(first)
        guard var end = first.end else {
            searchRest(from: first)
            return "pickle"
        }
        if first.record.isTorchMagic, first.record.opcodes <= 3 { return legacy(from: end) }
        while end < region.count {
            do throws(ScanStop) { try session.attempt() } catch {
                limit(error)
                break
            }
            let next = run(from: end)
            guard let nextEnd = next.end, nextEnd > end else {
                trailing(from: end, next)
                break
            }
            judge(next)
            end = nextEnd
        }
        return "pickle"
    }

    /// Whether loading what begins here would import anything, so that chance cannot be the reason; nothing is noted.
    static func doesAnything(_ session: ScanSession, _ region: ScanRegion) -> Bool {
        let record = PickleScan(session: session, region: region, path: "").run(from: 0).record
        if !record.unresolved.isEmpty, record.brokenAt == nil { return true }
        return !record.imports.isEmpty && record.imports.allSatisfy(\.global.isPlausible)
    }

    private func run(from start: Int64) -> Run {
        var machine = PickleMachine(RegionReader(session, region, from: start))
        do throws(ScanStop) {
            try machine.run()
            return Run(record: machine.record, start: start, end: machine.position, stop: nil)
        } catch {
            return Run(record: machine.record, start: start, end: nil, stop: error)
        }
    }

    /// Texts and numbers can look like the beginning of a pickle; what runs or imports something cannot be mistaken.
    private func isPickle(_ run: Run, _ expectation: Expectation) -> Bool {
        let record = run.record
        if record.hasProtocol, record.opcodes > 1 { return true }
        if run.end != nil, record.brokenAt == nil, expectation != .none || isFollowed(run) { return true }
        let names = record.imports.map(\.global)
        if case .limit? = run.stop, record.doesAnything { return true }
        let isPlausible = !names.isEmpty && names.allSatisfy(\.isPlausible)
        if runs(record) { return true }
        if run.end != nil, isPlausible || !record.unresolved.isEmpty { return true }
        switch expectation {
        case .none: return false
        case .named: return !names.isEmpty || !record.unresolved.isEmpty || run.end != nil
        }
    }

    private func runs(_ record: PickleRecord) -> Bool {
        record.brokenAt == nil && !record.imports.isEmpty && record.imports.allSatisfy(\.global.isPlausible)
            && (record.calls > 0 || !record.unresolved.isEmpty)
    }

    /// Whether pickles follow each other to the end, or something runs in one of them. `Git 2.30.` is a pickle of a
    /// number too, and the rest of the text is not.
    private func isFollowed(_ first: Run) -> Bool {
        var end = first.end
        for _ in 0..<1_000 {
            guard let at = end, at < region.count else { return end != nil }
            let next = run(from: at)
            if runs(next.record) || next.record.hasProtocol && next.record.doesAnything { return true }
            guard let nextEnd = next.end, nextEnd > at, next.record.brokenAt == nil else { return false }
            end = nextEnd
        }
        return true
    }

    // MARK: - PyTorch's older files

    /// A number, the version, what the machine was, the object, the keys of its storages; then their bytes.
    private func legacy(from start: Int64) -> String {
        var end = start
        var storages: [String: (width: Int64, count: Int64)] = [:]
        var keys: [String] = []
        for part in 0..<4 {
            let next = run(from: end)
            guard let nextEnd = next.end else {
                judge(next)
                searchRest(from: next)
                return "torch-legacy"
            }
            judge(next)
            if part == 2 { storages = next.record.storages }
            if part == 3 { keys = next.record.texts }
            end = nextEnd
        }
        var reader = RegionReader(session, region, from: end)
        do throws(ScanStop) {
            for key in keys {
                try session.step()
                guard let storage = storages[key] else { throw .fault("has bytes of a storage that nothing refers to") }
                let count = Int64(bitPattern: try reader.number(8))
                guard storage.width > 0 else { throw .fault("has a storage of a type whose size is not known") }
                let (size, overflow) = count.multipliedReportingOverflow(by: storage.width)
                guard count >= 0, !overflow else { throw .fault("has a storage of no possible size") }
                try reader.skip(size)
            }
            guard reader.left == 0 else {
                throw .fault("goes on for \(reader.left) bytes after its last storage")
            }
        } catch {
            session.note(
                "pickle", .unknown, "torch.storages", at: place(reader.position),
                error == .end ? "ends before its storages do" : Self.text(error))
            SignatureSearch(session: session, region: region.slice(from: end), path: path).run()
        }
        return "torch-legacy"
    }

    // MARK: - What is said of it

    private func judge(_ run: Run) {
        let record = run.record
        var worst = ScanVerdict.clean
        for (global, at) in record.imports {
            let verdict: ScanVerdict
            switch PickleGlobals.kind(of: global) {
            case .harmless: continue
            case .plain:
                verdict = .unknown
                session.note(
                    "pickle", verdict, "pickle.uncommon", at: place(at),
                    "imports \(global.description), which builds data only, but is not on the strict list")
            case .unlisted:
                verdict = .suspicious
                if global.module == "__torch__" || global.module.hasPrefix("__torch__.") {
                    session.note(
                        "pickle", verdict, "torchscript.class", at: place(at),
                        "uses \(global.description), which is code of this file")
                } else {
                    session.note(
                        "pickle", verdict, "pickle.global", at: place(at),
                        "imports \(global.description), for which nobody vouches")
                }
            case .dangerous(let why):
                verdict = .dangerous
                session.note(
                    "pickle", verdict, "pickle.global", at: place(at), "imports \(global.description), which \(why)")
            }
            worst = max(worst, verdict)
        }
        for at in record.unresolved.prefix(10) {
            session.note(
                "pickle", .dangerous, "pickle.unresolved", at: place(at),
                "imports something whose name is not written in it")
        }
        for at in record.extensions.prefix(10) {
            session.note(
                "pickle", .suspicious, "pickle.extension", at: place(at),
                "imports something by a number that is registered elsewhere")
        }
        for at in record.changedImports.prefix(10) {
            session.note(
                "pickle", .dangerous, "pickle.build", at: place(at),
                "changes something that it imports, for all its users")
        }
        for at in record.oddCalls.prefix(10) {
            session.note(
                "pickle", .suspicious, "pickle.call", at: place(at),
                "calls something that it did not import by its name")
        }
        if let at = record.brokenAt {
            session.note(
                "pickle", record.imports.isEmpty ? .unknown : .suspicious, "pickle.stack", at: place(at),
                "takes more from its stack or memo than is there")
        }
        if let at = record.frameAt {
            session.note("pickle", .unknown, "pickle.frame", at: place(at), "claims a frame longer than the file")
        }
        if let stop = run.stop { broken(run, stop, worst) }
    }

    private func broken(_ run: Run, _ stop: ScanStop, _ worst: ScanVerdict) {
        let record = run.record
        if case .limit(let text) = stop {
            session.note("pickle", .unknown, "pickle.limit", at: place(run.start), text)
            return
        }
        let why = stop == .end ? "ends before it is complete" : Self.text(stop)
        // joblib writes the bytes of arrays between opcodes, where they cannot be told from opcodes.
        if record.hasJoblibArrays {
            session.note(
                "pickle", .suspicious, "pickle.joblib", at: place(run.start),
                "has arrays that are not looked into: \(why)")
            return
        }
        let verdict: ScanVerdict = !record.doesAnything ? .unknown : worst <= .unknown ? .suspicious : .dangerous
        session.note(
            "pickle", verdict, "pickle.broken", at: place(run.start),
            record.doesAnything ? "\(why), and imports something before that" : why)
    }

    private func trailing(from end: Int64, _ next: Run) {
        // A beginning of another pickle may import something before it breaks.
        if next.record.doesAnything || next.record.hasProtocol { judge(next) }
        session.note(
            "pickle", .unknown, "pickle.trailing", at: place(end),
            "goes on for \(region.count - end) bytes after its end")
        SignatureSearch(session: session, region: region.slice(from: end), path: path).run()
    }

    private func searchRest(from run: Run) {
        SignatureSearch(session: session, region: region.slice(from: run.start), path: path).run()
    }

    private func limit(_ stop: ScanStop) {
        session.note("pickle", .unknown, "pickle.limit", at: path, Self.text(stop))
    }

    private func place(_ at: Int64) -> String { path.isEmpty ? "\(at)" : "\(path):\(at)" }

    static func text(_ stop: ScanStop) -> String {
        switch stop {
        case .end: "ends before it should"
        case .fault(let text), .limit(let text): text
        }
    }
}

extension PickleGlobal {
    /// Whether both names could be ones of Python.
    var isPlausible: Bool {
        [module, name].allSatisfy { text in
            !text.isEmpty
                && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
                    guard let first = part.unicodeScalars.first else { return false }
                    return (first == "_" || first.properties.isAlphabetic)
                        && part.unicodeScalars.allSatisfy {
                            $0 == "_" || $0.properties.isAlphabetic || $0.properties.numericType != nil
                        }
                }
        }
    }
}
