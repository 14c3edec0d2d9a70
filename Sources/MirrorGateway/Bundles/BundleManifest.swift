import HubCore

/// A commit as an OCI manifest, whose layers are those of ModelPack: what other tools read of a bundle.
///
/// - SeeAlso: OCI image-spec 1.1, "Guidelines for Artifact Usage"; CNCF ModelPack, model-spec
enum BundleManifest {
    static let artifactType = "application/vnd.hub.repo.v1+json"
    static let manifestType = "application/vnd.oci.image.manifest.v1+json"
    static let indexType = "application/vnd.oci.image.index.v1+json"
    static let configType = "application/vnd.cncf.model.config.v1+json"
    static let gitType = "application/vnd.hub.git.bundle.v2"
    private static let emptyType = "application/vnd.oci.empty.v1+json"
    private static let pathAnnotation = "org.cncf.model.filepath"

    struct Descriptor: Codable, Sendable, Hashable {
        var mediaType: String
        var digest: String
        var size: Int64
        var artifactType: String?
        var annotations: [String: String]?
    }

    private struct Manifest: Codable {
        var schemaVersion = 2
        var mediaType = BundleManifest.manifestType
        var artifactType: String
        var config: Descriptor
        var layers: [Descriptor]
        var subject: Descriptor?
        var annotations: [String: String]?
    }

    private struct Index: Codable {
        var schemaVersion = 2
        var mediaType = BundleManifest.indexType
        var manifests: [Descriptor]
    }

    private struct Configuration: Codable {
        struct Summary: Codable {
            var name: String
            var version: String
            var licenses: [String]
        }
        struct Layers: Codable {
            var type = "layers"
            var diffIds: [String]
        }
        var descriptor: Summary
        var modelfs: Layers
        var config: [String: String] = [:]
    }

    /// A small blob that is made for the bundle.
    struct Made: Sendable {
        let digest: BlobID
        let bytes: [UInt8]
        let role: String
    }

    static func layer(_ path: String, digest: BlobID, size: Int64, kind: RepositoryKind) -> Descriptor {
        Descriptor(
            mediaType: mediaType(path, kind), digest: "sha256:\(digest.hex)", size: size,
            annotations: [pathAnnotation: path])
    }

    static func gitLayer(_ digest: BlobID, size: Int64) -> Descriptor {
        Descriptor(mediaType: gitType, digest: "sha256:\(digest.hex)", size: size)
    }

    private static func mediaType(_ path: String, _ kind: RepositoryKind) -> String {
        if kind == .dataset { return "application/vnd.cncf.model.dataset.v1.raw" }
        if path.hasSuffix(".safetensors") { return "application/vnd.cncf.model.weight.v1.safetensors" }
        if path.hasSuffix(".gguf") { return "application/vnd.cncf.model.weight.v1.gguf" }
        return "application/vnd.cncf.model.weight.v1.raw"
    }

    /// The manifest of a commit and its configuration.
    static func make(
        _ id: RepositoryID, commit: String, license: [String], layers: [Descriptor]
    ) throws -> (manifest: Made, config: Made, descriptor: Descriptor) {
        let configuration = Configuration(
            descriptor: .init(name: id.path, version: commit, licenses: license),
            modelfs: .init(diffIds: layers.map(\.digest)))
        let config = made(try CanonicalJSON.encode(configuration), "config")
        let annotations = [
            "vnd.hub.repository": id.description, "vnd.hub.commit": commit,
            "org.opencontainers.image.ref.name": "\(id.kind.rawValue)/\(id.path)@\(commit)",
        ]
        let manifest = made(
            try CanonicalJSON.encode(
                Manifest(
                    artifactType: artifactType,
                    config: Descriptor(
                        mediaType: configType, digest: "sha256:\(config.digest.hex)", size: Int64(config.bytes.count)),
                    layers: layers, annotations: annotations)), "manifest")
        let descriptor = Descriptor(
            mediaType: manifestType, digest: "sha256:\(manifest.digest.hex)", size: Int64(manifest.bytes.count),
            artifactType: artifactType, annotations: annotations)
        return (manifest, config, descriptor)
    }

    /// A document about a commit, as OCI refers from one artifact to another.
    static func referrer(
        _ bytes: [UInt8], type: String, to subject: Descriptor
    ) throws -> (blobs: [Made], descriptor: Descriptor) {
        let document = made(bytes, "referrer")
        let empty = made(Array("{}".utf8), "config")
        let manifest = made(
            try CanonicalJSON.encode(
                Manifest(
                    artifactType: type,
                    config: Descriptor(
                        mediaType: emptyType, digest: "sha256:\(empty.digest.hex)", size: Int64(empty.bytes.count)),
                    layers: [
                        Descriptor(
                            mediaType: type, digest: "sha256:\(document.digest.hex)",
                            size: Int64(document.bytes.count))
                    ],
                    subject: Descriptor(
                        mediaType: subject.mediaType, digest: subject.digest, size: subject.size))), "manifest")
        let descriptor = Descriptor(
            mediaType: manifestType, digest: "sha256:\(manifest.digest.hex)", size: Int64(manifest.bytes.count),
            artifactType: type)
        return ([document, empty, manifest], descriptor)
    }

    static func index(_ manifests: [Descriptor]) throws -> [UInt8] {
        try CanonicalJSON.encode(Index(manifests: manifests))
    }

    private static func made(_ bytes: [UInt8], _ role: String) -> Made {
        Made(digest: BlobID(hashing: bytes), bytes: bytes, role: role)
    }
}
