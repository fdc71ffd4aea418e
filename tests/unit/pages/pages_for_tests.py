"""Made-up clinic pages in the manner of page builders."""

from __future__ import annotations

ELEMENTOR = """<!DOCTYPE html><html lang="en-IE"><head><meta charset="utf-8">
<title>Vesicle facials – Alder Rooms</title>
<meta name="description" content="Quiet facials with a vesicle serum.">
<meta property="og:title" content="Vesicle facials">
</head><body class="elementor-page cookies-not-set"><a class="skip-link" href="#content">Skip to content</a>
<div data-elementor-type="header" class="elementor elementor-location-header"><header>
<nav class="elementor-nav-menu--main">
<ul class="elementor-nav-menu"><li><a href="/">Home</a></li><li><a href="/team">Team</a></li></ul></nav>
</header></div>
<div id="content" class="elementor-section"><div class="elementor-container"><div class="elementor-column">
<div class="elementor-widget-wrap"><div class="elementor-widget elementor-widget-heading">
<h1>Vesicle facials</h1></div>
<div class="elementor-widget elementor-widget-text-editor"><div class="elementor-widget-container">Straight in a div:
the serum is <em>said</em> to calm.<br><br>A second thought.</div></div>
<div class="elementor-icon-box-wrapper"><h3 class="elementor-icon-box-title"><span>Less redness</span></h3>
<p class="elementor-icon-box-description">Within a week.</p></div>
<div class="elementor-accordion"><div class="elementor-accordion-item"><div id="elementor-tab-title-11"
class="elementor-tab-title" data-tab="1" role="button" aria-controls="elementor-tab-content-11" aria-expanded="false">
<a class="elementor-accordion-title" href="">How many visits</a></div><div id="elementor-tab-content-11"
class="elementor-tab-content elementor-clearfix" role="region"><p>Three, as a rule.</p></div></div></div>
<a class="elementor-button" href="/book">Book a visit</a><img alt="Serum on a tray" src="/s.jpg">
</div></div></div></div><div data-elementor-type="footer" class="elementor elementor-location-footer">
<p>Not a medicine.</p>
</div></body></html>"""

ACCORDION = """<html lang="en"><body><section class="faq-section"><h2>Questions we hear</h2><div class="accordion">
<div class="accordion-item"><h3 class="accordion-header">
<button class="accordion-button collapsed" data-bs-toggle="collapse"
data-bs-target="#one">Question first</button></h3><div id="one" class="accordion-collapse collapse">
<div class="accordion-body">
answer first</div></div></div>
<div class="accordion-item"><button aria-expanded="false" aria-controls="two">Question second</button>
<div id="two"><p>answer
second</p></div></div>
<div class="accordion-item"><button aria-expanded="true" aria-controls="three">Question third</button><div id="three">
<p>answer third</p></div></div></div></section></body></html>"""

TABS = """<html lang="en"><body><main><div role="tablist"><a role="tab" aria-controls="p1" href="#p1">Benefits</a>
<a role="tab" aria-controls="p2" aria-expanded="false" href="#p2">Risks</a></div>
<div id="p1" role="tabpanel">Open panel</div><div id="p2" role="tabpanel" hidden>Closed panel</div></main>
</body></html>"""

JAPANESE = """<html lang="ja"><head><title>美容皮膚科</title></head><body><header><ul><li><a href="/">ホーム</a></li>
<li><a href="/menu">料金</a></li></ul></header><main><h1>肌の治療</h1>
<p>看護師が美容液を塗ります。<br>翌日には落ち着きます。</p>
<dl><dt>痛みはありますか？</dt><dd>ほとんどありません。</dd></dl></main><footer>個人差があります</footer></body></html>"""
