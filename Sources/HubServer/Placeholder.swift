import Crypto
import Hummingbird

enum PlaceholderHubServer {}
