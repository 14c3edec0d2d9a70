import HubCore
import MirrorGateway
import NIOCore
import Policies
import Synchronization
import WebPages

/// What the headers of stored weights say, read by ranges and remembered by digest.
struct WeightsReading: Sendable {
    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    struct Header: Sendable {
        var format: String
        var parameters: Int64?
        var byType: [String: Int64]
        var count: Int64
        var facts: [Fact] = []
        var contextLength: Int64?
        var architecture: String?
        var tensors: [TensorTable.Tensor] = []

        enum Fact: Sendable {
            case metadata(String, String)
            case architecture(String)
            case contextLength(Int64)
        }

        func page(_ t: L10n) -> WeightsHeader {
            WeightsHeader(
                format: format,
                facts: facts.map { fact in
                    switch fact {
                    case .metadata(let name, let value): (name, value)
                    case .architecture(let name): (t.repoArchitecture, name)
                    case .contextLength(let length): (t.repoContextLength, t.number(length))
                    }
                }, parameters: parameters,
                byType: byType.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) },
                tensors: tensors, count: count)
        }
    }

    /// Bytes of a header that are read for a page.
    private static let largestHeader: Int64 = 16 << 20
    private static let shownTensors = 1_000
    private static let pieces = 64
    private static let memory = Mutex<[BlobID: Header]>([:])
    private static let remembered = 500

    let scene: RepositoryScene

    init(_ scene: RepositoryScene) { self.scene = scene }

    /// Nil for a file that is not here.
    /// - Throws: ``Fault``.
    func header(of entry: TreeEntry, in snapshot: Snapshot) async throws -> Header? {
        if let oid = entry.lfs?.oid {
            let times = try await scene.web.gateway.hub.store.verifiedTimes(of: [oid], in: scene.repository)
            guard times[oid] != nil else { return nil }
            if let known = Self.memory.withLock({ $0[oid] }) { return known }
        }
        let source: Source
        switch try await scene.repositories.open(entry, in: snapshot, isPull: false).content {
        case .object(let bytes): source = .bytes(bytes)
        case .blob(let reader):
            guard reader.isComplete else { return nil }
            source = .file(reader)
        }
        do {
            let header =
                entry.name.lowercased().hasSuffix(".gguf")
                ? try await Self.gguf(source) : try await Self.safetensors(source)
            if let oid = entry.lfs?.oid {
                Self.memory.withLock { memory in
                    if memory.count >= Self.remembered { memory.removeAll() }
                    memory[oid] = header
                }
            }
            return header
        } catch let fault as HeaderFault {
            throw Fault(description: fault.description)
        }
    }

    private enum Source {
        case bytes([UInt8])
        case file(BlobReader)

        var size: Int64 {
            switch self {
            case .bytes(let bytes): Int64(bytes.count)
            case .file(let reader): reader.size
            }
        }

        func read(at offset: Int64, count: Int64) async throws -> [UInt8] {
            let end = min(size, offset + count)
            guard offset >= 0, offset < end else { return [] }
            switch self {
            case .bytes(let bytes): return Array(bytes[Int(offset)..<Int(end)])
            case .file(let reader): return Array(try await FileReads.read(reader.file, offset..<end).readableBytesView)
            }
        }
    }

    private static func safetensors(_ source: Source) async throws -> Header {
        let length = try SafetensorsHeader.length(try await source.read(at: 0, count: 8), fileSize: source.size)
        guard length <= largestHeader else { throw Fault(description: "has \(length) bytes") }
        let json = try await source.read(at: Int64(SafetensorsHeader.prefix), count: length)
        let header = try SafetensorsHeader(json[...], fileSize: source.size)
        var result = Header(
            format: "safetensors", parameters: header.parameters, byType: header.parametersByType,
            count: Int64(header.tensors))
        result.facts = header.metadata.sorted { $0.key < $1.key }.prefix(12).map {
            .metadata($0.key, String($0.value.prefix(200)))
        }
        if case .object(let members)? = JSONText.decode(String(decoding: json, as: UTF8.self)) {
            result.tensors = members.lazy.filter { $0.key != "__metadata__" }.prefix(shownTensors).map { member in
                TensorTable.Tensor(
                    name: String(member.key.prefix(300)), type: member.value["dtype"]?.string ?? "?",
                    shape: numbers(member.value["shape"]))
            }
        }
        return result
    }

    private static func numbers(_ value: JSONValue?) -> [Int64] {
        guard case .array(let values)? = value else { return [] }
        return values.compactMap { if case .integer(let number) = $0 { number } else { nil } }
    }

    private static func gguf(_ source: Source) async throws -> Header {
        var parser = GGUFHeaderParser(fileSize: source.size)
        var offset: UInt64 = 0
        for _ in 0..<pieces {
            let bytes = try await source.read(at: Int64(clamping: offset), count: 1 << 20)
            guard !bytes.isEmpty, case .needs(let next) = try parser.take(bytes, at: offset) else { break }
            offset = next
        }
        let header = parser.header
        var result = Header(
            format: "GGUF \(header.version)", parameters: header.parameters ?? header.claimedParameters,
            byType: header.parametersByType, count: Int64(clamping: header.tensors))
        result.contextLength = header.contextLength
        result.architecture = header.architecture
        if let name = header.architecture { result.facts.append(.architecture(name)) }
        if let length = header.contextLength { result.facts.append(.contextLength(length)) }
        if let label = header.sizeLabel { result.facts.append(.metadata("general.size_label", label)) }
        if let license = header.license { result.facts.append(.metadata("general.license", license)) }
        return result
    }
}
