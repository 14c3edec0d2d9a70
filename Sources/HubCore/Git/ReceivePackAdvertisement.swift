/// The answer to `GET info/refs?service=git-receive-pack`: what refs there are and what we can do.
///
/// - SeeAlso: gitprotocol-http "Smart Server Response"; receive-pack knows no protocol version 2.
package enum ReceivePackAdvertisement {
    private static let capabilities =
        "report-status delete-refs side-band-64k quiet atomic ofs-delta object-format=sha1 agent=git/weir"

    /// The whole answer, the `# service` line included.
    package static func encoded(_ refs: [Ref]) -> [UInt8] {
        var bytes: [UInt8] = []
        PktLine.text("# service=git-receive-pack").append(to: &bytes)
        PktLine.flush.append(to: &bytes)
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
