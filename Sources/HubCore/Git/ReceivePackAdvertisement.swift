/// What `git-receive-pack` begins with: what refs there are and what we can do.
///
/// - SeeAlso: gitprotocol-http "Smart Server Response"; receive-pack knows no protocol version 2.
package enum ReceivePackAdvertisement {
    private static let capabilities =
        "report-status delete-refs side-band-64k quiet atomic ofs-delta object-format=sha1 agent=git/weir"

    /// - Parameter withService: whether the `# service` line of HTTP stands in front.
    package static func encoded(_ refs: [Ref], withService: Bool = true) -> [UInt8] {
        var bytes: [UInt8] = []
        if withService {
            PktLine.text("# service=git-receive-pack").append(to: &bytes)
            PktLine.flush.append(to: &bytes)
        }
        if refs.isEmpty {
            PktLine.text("\(ObjectID.zero) capabilities^{}\u{0}\(capabilities)").append(to: &bytes)
        }
        for (index, ref) in refs.sorted(by: { $0.name < $1.name }).enumerated() {
            PktLine.text("\(ref.target) \(ref.name)\(index == 0 ? "\u{0}\(capabilities)" : "")").append(to: &bytes)
        }
        PktLine.flush.append(to: &bytes)
        return bytes
    }
}
