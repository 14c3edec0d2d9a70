import CGit2
import Foundation

/// libgit2, set up once for the process.
enum GitLibrary {
    /// Starts libgit2 on first use. Later calls cost nothing.
    static func start() { _ = started }

    private static let started: Bool = {
        // A child that dies while it is being written to must be an error, not the end of this process.
        signal(SIGPIPE, SIG_IGN)
        git_libgit2_init()
        // Repositories are found by our own keys in our own folder; ownership says nothing when the data directory is
        // a mounted volume.
        _ = hub_git_option_int(Int32(GIT_OPT_SET_OWNER_VALIDATION.rawValue), 0)
        // Nothing outside a repository's own config may change behaviour.
        for level in [
            GIT_CONFIG_LEVEL_PROGRAMDATA, GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL,
        ] {
            _ = hub_git_option_search_path(level.rawValue, "")
        }
        // A tree or commit written here must not name what is not stored, and what is read must hash to its name.
        _ = hub_git_option_int(Int32(GIT_OPT_ENABLE_STRICT_OBJECT_CREATION.rawValue), 1)
        _ = hub_git_option_int(Int32(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION.rawValue), 1)
        // Loose objects are synced together by `GitStore.makeDurable` before a ref moves: one fsync for each object as
        // it is written would make a commit of thousands of files take minutes.
        _ = hub_git_option_int(Int32(GIT_OPT_ENABLE_FSYNC_GITDIR.rawValue), 0)
        // The mapped packs and the object cache are shared by all open repositories.
        _ = hub_git_option_size(Int32(GIT_OPT_SET_MWINDOW_MAPPED_LIMIT.rawValue), 1 << 30)
        _ = hub_git_option_size(Int32(GIT_OPT_SET_MWINDOW_SIZE.rawValue), 32 << 20)
        _ = hub_git_option_size(Int32(GIT_OPT_SET_MWINDOW_FILE_LIMIT.rawValue), 128)
        // What it counts of a cached object are its bytes in git, some hundred of a commit or of a small folder's tree;
        // what it holds of them is several times as much.
        _ = hub_git_option_size(Int32(GIT_OPT_SET_CACHE_MAX_SIZE.rawValue), 512 << 10)
        return true
    }()

    /// Turns a failed call into an error that says what was attempted.
    /// - Throws: `internal-error`, `storage-full`, or `storage-corrupt` when an object is not what its name says.
    static func check(_ code: Int32, _ attempt: @autoclosure () -> String) throws {
        guard code < 0 else { return }
        let reason = git_error_last().flatMap { $0.pointee.message.map { String(cString: $0) } } ?? "code \(code)"
        // libgit2 keeps no number of what the system said, only its words.
        if [ENOSPC, EDQUOT].contains(where: { reason.contains(String(cString: strerror($0))) }) {
            throw HubError(
                .storageFull, "Could not \(attempt()): \(reason).", remedy: "Free space on the data volume.")
        }
        let isCorrupt = code == GIT_EMISMATCH.rawValue || code == GIT_ENOTFOUND.rawValue
        throw HubError(isCorrupt ? .storageCorrupt : .internalError, "Could not \(attempt()): \(reason).")
    }
}

extension ObjectID {
    init(_ id: git_oid) {
        self = withUnsafeBytes(of: id) { ObjectID(bytes: Array($0)) } ?? .zero
    }

    var gitID: git_oid {
        var id = git_oid()
        withUnsafeMutableBytes(of: &id) { $0.copyBytes(from: bytes) }
        return id
    }
}
