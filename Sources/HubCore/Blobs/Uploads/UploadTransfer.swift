/// How the bytes of an upload travel.
package enum UploadTransfer: String, Sendable, CaseIterable {
    /// One body.
    case basic
    /// Parts that are put together at the end, as huggingface_hub and CSGHub's client send them.
    case multipart
    /// One body that can be continued after it broke, as git-lfs sends it on request.
    case tus

    /// Objects above this many bytes are sent in parts by whoever can.
    package static let multipartThreshold: Int64 = 64 << 20

    /// Chooses among what a client offers.
    /// - Parameters:
    ///   - offers: the client's names; nil when it named none, which means `basic`.
    ///   - sizes: bytes of each object that has to be sent.
    ///   - needsParts: whether the client can only send parts, however small.
    package static func choose(offers: [String]?, sizes: [Int64], needsParts: Bool) -> UploadTransfer {
        let offers = offers ?? []
        if offers.contains(tus.rawValue) { return .tus }
        guard offers.contains(multipart.rawValue) else { return .basic }
        return needsParts || sizes.contains { $0 > multipartThreshold } ? .multipart : .basic
    }
}
