/// One object on its way into one repository, in pieces, by one user: nobody continues what another has begun, for the
/// pieces of a liar would spoil those of an honest one.
///
/// It needs no row: its name says what it is, and its file how far it got.
package struct UploadSession: Sendable, Hashable {
    let repository: Int64
    let user: Int64
    package let pointer: LFSPointer
    /// How it is cut; nil for one that grows from its beginning.
    package let layout: PartLayout?

    init(_ pointer: LFSPointer, into repository: Repository, layout: PartLayout? = nil) {
        self.repository = repository.key
        user = repository.principal.user?.id ?? 0
        self.pointer = pointer
        self.layout = layout
    }

    /// The name of its file; made of numbers and a digest only.
    var name: String {
        let cut = layout.map { "parts-\($0.partSize)" } ?? "whole"
        return "\(repository)-\(user)-\(cut)-\(pointer.size)-\(pointer.oid.hex)"
    }
}
