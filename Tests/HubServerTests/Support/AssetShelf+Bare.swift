import HubServer
import Logging

extension AssetShelf {
    /// Without anything that packages bring.
    static let bare = AssetShelf(vendored: nil, logger: Logger(label: "test"))
}
