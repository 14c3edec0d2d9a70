package import HubCore
import Policies

/// Finds out what a remote model is from the headers of its files, by range reads, for less than a megabyte.
///
/// - SeeAlso: reference notes on safetensors and GGUF; `Policies/Scans` reads the formats.
package struct HeaderProbe: Sendable {
    private let transport: any UpstreamTransport

    /// Bytes read for one repository at most, whatever it holds.
    package static let allowance: Int64 = 900_000

    /// Bytes of the first read of a safetensors file: the headers of most shards.
    private static let firstRead: Int64 = 24 << 10
    /// Bytes of one read of a GGUF header.
    private static let pieceOfGGUF: Int64 = 128 << 10
    /// Bytes of `config.json`, of the card and of an index that are looked at.
    private static let smallFile: Int64 = 48 << 10
    /// Shards whose headers are read at most; of more, a sample.
    private static let maximumShards = 24

    package init(transport: any UpstreamTransport) { self.transport = transport }

    /// Reads the headers of a revision.
    ///
    /// - Parameter files: the revision's, as the upstream lists them.
    /// - Throws: why nothing could be read. A header that is not believed is a remark.
    package func read(
        _ upstream: any Upstream, repository: UpstreamPath, commit: CommitID, files: [RemoteFile]
    ) async throws -> ProbedHeaders {
        let reader = RangeReader(
            upstream, transport: transport, repository: repository, commit: commit, allowance: Self.allowance)
        var found = ProbedHeaders()
        let weights = Self.safetensors(in: files)
        let quantized = Self.gguf(in: files)
        if !weights.isEmpty {
            try await safetensors(weights, all: files, by: reader, into: &found)
        } else if let quantized {
            try await gguf(quantized, by: reader, into: &found)
        }
        await describe(files, by: reader, into: &found)
        found.bytesRead = await reader.bytesRead
        return found
    }

    // MARK: - Safetensors

    /// Those that make up the model: `model.safetensors`, the shards that belong together, or all there are.
    static func safetensors(in files: [RemoteFile]) -> [RemoteFile] {
        let all = files.filter { $0.path.lowercased().hasSuffix(".safetensors") }.sorted { $0.path < $1.path }
        let top = all.filter { !$0.path.contains("/") }
        if let whole = top.first(where: { $0.path == "model.safetensors" }) { return [whole] }
        var sets: [String: [RemoteFile]] = [:]
        for file in top {
            guard let shard = Shard(file.path) else { continue }
            sets["\(shard.stem) \(shard.total)", default: []].append(file)
        }
        let whole = sets.filter { $0.value.count == Shard($0.value[0].path)?.total }
        // Of several, `model-…` is what loaders take; else the one that sorts first.
        if let set = whole.min(by: { rank($0.key) < rank($1.key) }) { return set.value }
        return top.isEmpty ? all : top
    }

    private static func rank(_ stem: String) -> String { (stem.hasPrefix("model ") ? "0" : "1") + stem }

    private struct Shard {
        let stem: String
        let total: Int

        /// Reads `model-00001-of-00030.safetensors`.
        init?(_ path: String) {
            let name = path.dropLast(".safetensors".count)
            guard let of = name.ranges(of: "-of-").last, let total = Int(name[of.upperBound...]), total > 0,
                let dash = name[..<of.lowerBound].lastIndex(of: "-"),
                Int(name[name.index(after: dash)..<of.lowerBound]) != nil
            else { return nil }
            stem = String(name[..<dash])
            self.total = total
        }
    }

    private func safetensors(
        _ files: [RemoteFile], all: [RemoteFile], by reader: RangeReader, into found: inout ProbedHeaders
    ) async throws {
        found.format = .safetensors
        let total = files.reduce(Int64(0)) { $0.addingReportingOverflow($1.size).partialValue }
        var bytesByType: [String: Int64] = [:]
        var failure: HubError?
        for file in Self.sample(files, count: Self.maximumShards) {
            // Something is left for the card.
            guard await reader.left > Self.smallFile * 2 + Self.firstRead else { break }
            do {
                let header = try await header(of: file, by: reader)
                found.files.append(file.path)
                for (type, count) in header.parametersByType {
                    let (sum, overflow) = found.parametersByType[type, default: 0].addingReportingOverflow(count)
                    if !overflow { found.parametersByType[type] = sum }
                }
                for (type, bytes) in header.bytesByType { bytesByType[type, default: 0] += bytes }
                found.license = found.license ?? Self.license(header.metadata)
            } catch let fault as HeaderFault {
                found.remarks.append("The header of \(file.path) \(fault).")
            } catch let error as HubError {
                failure = error
                found.remarks.append(error.message)
                // What holds for one holds for the next.
                guard error.code == .payloadTooLarge || error.code == .blobNotFound else { break }
            }
        }
        guard !found.files.isEmpty else {
            if let failure, failure.code != .payloadTooLarge { throw failure }
            return
        }
        let counted = found.parametersByType.values.reduce(Int64(0)) { $0.addingReportingOverflow($1).partialValue }
        found.parameters = counted
        guard found.files.count < files.count else { return }
        found.isEstimate = true
        let read = bytesByType.values.reduce(Int64(0)) { $0.addingReportingOverflow($1).partialValue }
        let index = await index(all, by: reader)
        extrapolate(&found, counted: counted, read: read, of: index?.totalSize ?? total)
        if let exact = index?.totalParameters { found.parameters = exact }
    }

    /// What the files that were read say, for all of them: shards of one model are alike.
    private func extrapolate(_ found: inout ProbedHeaders, counted: Int64, read: Int64, of total: Int64) {
        guard read > 0, total > 0 else { return }
        let factor = Double(total) / Double(read)
        func scaled(_ count: Int64) -> Int64 {
            let value = (Double(count) * factor).rounded()
            return value < 9e18 ? Int64(value) : count
        }
        found.parametersByType = found.parametersByType.mapValues(scaled)
        found.parameters = scaled(counted)
    }

    private func header(of file: RemoteFile, by reader: RangeReader) async throws -> SafetensorsHeader {
        var bytes = try await reader.read(file, from: 0, count: min(Self.firstRead, file.size))
        let length = try SafetensorsHeader.length(bytes, fileSize: file.size)
        let end = Int64(SafetensorsHeader.prefix) + length
        if end > Int64(bytes.count) {
            guard end - Int64(bytes.count) <= (await reader.left) - Self.smallFile else {
                throw HubError(
                    .payloadTooLarge,
                    "The header of \(file.path) is \(length) bytes long, more than a look at headers may cost.")
            }
            bytes += try await reader.read(file, from: Int64(bytes.count), count: end - Int64(bytes.count))
        }
        return try SafetensorsHeader(bytes[SafetensorsHeader.prefix..<Int(end)], fileSize: file.size)
    }

    private func index(_ files: [RemoteFile], by reader: RangeReader) async -> SafetensorsIndex? {
        guard let file = files.first(where: { $0.path == "model.safetensors.index.json" }),
            let bytes = try? await reader.read(file, from: 0, count: 4 << 10)
        else { return nil }
        return SafetensorsIndex(bytes[...])
    }

    /// The first, the last, and others evenly between them.
    static func sample<Element>(_ all: [Element], count: Int) -> [Element] {
        guard all.count > count, count > 1 else { return all }
        return (0..<count).map { all[$0 * (all.count - 1) / (count - 1)] }
    }

    private static func license(_ metadata: [String: String]) -> String? {
        [metadata["license"], metadata["modelspec.license"]].compactMap(\.self).first { !$0.isEmpty }
    }

    // MARK: - GGUF

    /// The smallest that is a model of its own: all quantizations of a repository count the same.
    static func gguf(in files: [RemoteFile]) -> RemoteFile? {
        let all = files.filter { $0.path.lowercased().hasSuffix(".gguf") }
        let models = all.filter { file in
            let name = file.path.lowercased()
            return !name.contains("mmproj") && !name.contains("imatrix")
                && (!name.contains("-of-") || name.contains("-00001-of-"))
        }
        return (models.isEmpty ? all : models).min { ($0.size, $0.path) < ($1.size, $1.path) }
    }

    private func gguf(_ file: RemoteFile, by reader: RangeReader, into found: inout ProbedHeaders) async throws {
        found.format = .gguf
        var parser = GGUFHeaderParser(fileSize: file.size)
        var at: UInt64 = 0
        var failure: HubError?
        do {
            while true {
                let piece = min(Self.pieceOfGGUF, (await reader.left) - Self.smallFile)
                guard piece > 0, let offset = Int64(exactly: at) else { break }
                let bytes = try await reader.read(file, from: offset, count: piece)
                guard case .needs(let next) = try parser.take(bytes, at: at), next > at else { break }
                at = next
            }
        } catch let fault as HeaderFault {
            found.remarks.append("The header of \(file.path) \(fault).")
            return
        } catch let error as HubError where at > 0 {
            failure = error
        }
        let header = parser.header
        found.files = [file.path]
        found.architecture = header.architecture
        found.license = header.license
        found.parametersByType = header.isComplete ? header.parametersByType : [:]
        let isSplit = file.path.lowercased().contains("-of-")
        if isSplit { found.parametersByType = [:] }
        if let counted = header.parameters, !isSplit {
            found.parameters = counted
        } else if let claimed = header.claimedParameters {
            found.parameters = claimed
        } else if let label = header.sizeLabel.flatMap(Self.parameters) {
            found.parameters = label
            found.isEstimate = true
        }
        if let failure { found.remarks.append(failure.message) }
        if !header.isComplete {
            found.remarks.append("The header of \(file.path) is longer than a look at headers may cost.")
        }
    }

    /// Reads `7B`, `0.5B`, `8x7B`, `270M`.
    static func parameters(_ label: String) -> Int64? {
        let units: [Character: Double] = ["K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12]
        guard label.utf8.count <= 32, let unit = label.last.flatMap({ units[Character($0.uppercased())] }) else {
            return nil
        }
        let factors = label.dropLast().split(separator: "x").map { Double($0) }
        guard (1...2).contains(factors.count) else { return nil }
        var product = unit
        for factor in factors {
            guard let factor, factor > 0, factor < 1e6 else { return nil }
            product *= factor
        }
        return product < 1e17 ? Int64(product) : nil
    }

    // MARK: - What stands beside the weights

    /// The architecture of `config.json` and the licence of the card, where the weights do not say.
    private func describe(_ files: [RemoteFile], by reader: RangeReader, into found: inout ProbedHeaders) async {
        if found.architecture == nil, let file = files.first(where: { $0.path == "config.json" }),
            file.size <= Self.smallFile, let bytes = try? await reader.read(file, from: 0, count: file.size)
        {
            found.architecture = Self.architecture(bytes)
        }
        if found.license == nil, let file = files.first(where: { $0.path == "README.md" }),
            let bytes = try? await reader.read(file, from: 0, count: min(16 << 10, file.size))
        {
            found.license = Card(readme: bytes).licenses.first
        }
        found.license = RemoteText.word(found.license)
        found.architecture = RemoteText.word(found.architecture)
    }

    static func architecture(_ config: [UInt8]) -> String? {
        var json = HeaderJSON(config[...])
        var architecture: String?
        var type: String?
        do throws(HeaderFault) {
            try json.object { key, json throws(HeaderFault) in
                switch (key, json.peek()) {
                case ("architectures", UInt8(ascii: "[")?):
                    try json.array { json throws(HeaderFault) in
                        guard json.peek() == UInt8(ascii: "\"") else { return try json.skip() }
                        let name = try json.string()
                        architecture = architecture ?? name
                    }
                case ("model_type", UInt8(ascii: "\"")?): type = try json.string()
                default: try json.skip()
                }
            }
        } catch {
            // As much as could be read has to do.
        }
        return architecture ?? type
    }
}
