"""Scrapy's settings: polite, quiet, lean. What the configuration decides is laid over these by ``spiders.run``."""

from importlib.util import find_spec

BOT_NAME = "exowatch"
SPIDER_MODULES = [
    "spiders.answers",
    "spiders.letters",
    "spiders.site",
]  # every module below these is imported, and spiders.browser needs an extra
NEWSPIDER_MODULE = "spiders"
TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
#: Saves about a tenth of the crawler's processor time (reference figures and ours, 2026-11-25); absent on Windows.
ASYNCIO_EVENT_LOOP = "uvloop.Loop" if find_spec("uvloop") else None

ROBOTSTXT_OBEY = True
ROBOTSTXT_PARSER = "spiders.robots.Parser"
COOKIES_ENABLED = False  # also keeps the public suffix list from being fetched
REFERER_ENABLED = False
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
DOWNLOAD_VERIFY_CERTIFICATES = True
# Scrapy spaces requests in a queue a source, by a mean; spiders.middleware.InTurn does it at the wire, by a minimum
DOWNLOAD_HANDLERS = dict.fromkeys(("http", "https"), "spiders.middleware.InTurn")
DOWNLOAD_DELAY = 0
REDIRECT_ENABLED = True
METAREFRESH_ENABLED = False
RETRY_ENABLED = True
RETRY_TIMES = 1
RETRY_HTTP_CODES = [500, 502, 504, 522, 524, 408]  # 429 and 503 are spiders.middleware's, with Retry-After
DOWNLOAD_FAIL_ON_DATALOSS = False  # a cut body is archived and marked
DOWNLOAD_MAXSIZE = 0  # spiders.archiving cuts by itself, and keeps what came
DOWNLOAD_WARNSIZE = 0
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"  # the spider's own frontier asks each URL once
LOG_LEVEL = "ERROR"
LOG_ENABLED = True
STATS_DUMP = False
CONCURRENT_ITEMS = 16
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/pdf;q=0.9,*/*;q=0.5",
    "Accept-Language": "en,*;q=0.5",
    "Accept-Encoding": "gzip, deflate",  # no br: warcio, and so `warcio check`, cannot read a brotli body (1.8.1)
}

DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": None,
    "scrapy.downloadermiddlewares.stats.DownloaderStats": None,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "spiders.middleware.Redirects": 50,  # before robots.txt of another site would be asked for
    "spiders.robots.Robots": 100,
    "spiders.middleware.RetryAfter": 560,
    "spiders.archiving.Archiving": 950,
}
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,  # an error page is archived and judged
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
    "scrapy.spidermiddlewares.referer.RefererMiddleware": None,
}
EXTENSIONS = {
    "spiders.second_look.SecondLook": 100,
    "scrapy.extensions.corestats.CoreStats": None,
    "scrapy.extensions.logstats.LogStats": None,
    "scrapy.extensions.memusage.MemoryUsage": None,
    "scrapy.extensions.telnet.TelnetConsole": None,
    "scrapy.extensions.remote_control.RemoteControl": None,
    "scrapy.extensions.feedexport.FeedExporter": None,
    "scrapy.extensions.logcount.LogCount": None,
}
ITEM_PIPELINES = {"pipelines.intake.Intake": 100}
