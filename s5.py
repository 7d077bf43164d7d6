from w import *
b=B(); D="/admin/references/"
p=b.ctx("l")
# screen the rest by keyboard: include some, exclude with reasons, maybe
p.goto(D+"hit/screen/")
import itertools
keys="vvxv1m2v3v4vm5v1v6vx2vvvvv1111"
for k in keys:
    if p.get_by_text("Nothing is left to screen here").count(): break
    before=p.locator(".left").inner_text()
    p.keyboard.press(k); p.wait_for_function("b=>document.querySelector('[data-screening]').getAttribute('aria-busy')===null && (document.querySelector('.left')?.innerText!==b)",arg=before) if k!="m" else p.wait_for_timeout(900)
shot(p,"e-end",full=False); axe(p,"end")
p.goto(D+"hit/screen/?stage=text"); shot(p,"e-text",full=False); axe(p,"text")
p.keyboard.press("x"); p.wait_for_timeout(600); shot(p,"e-text-x",full=False)
for k in "1v2v":
    p.keyboard.press(k); p.wait_for_timeout(900)
p.locator("button[value='no text']").click(); p.wait_for_timeout(900); shot(p,"e-text2",full=False)
ph=b.ctx("p"); ph.goto(D+"hit/screen/?stage=text"); shot(ph,"e-text-p",full=False); axe(ph,"text-p")
ph.goto(D+"hit/screen/?stage=again"); shot(ph,"e-again-p",full=False); axe(ph,"again-p")
ph.goto(D+"hit/flow/"); shot(ph,"e-flow-p",full=False)
p.goto(D+"hit/flow/"); shot(p,"e-flow"); axe(p,"flow")
p.goto(D+"hit/"); shot(p,"e-hits",full=False); axe(p,"hits")
p.goto(D+"searchrun/by-hand/"); shot(p,"e-byhand",full=False)
p.goto(D+"methods/1/change/"); shot(p,"e-methods",full=False)
p.goto(D+"savedsearch/"); shot(p,"e-ss",full=False); axe(p,"ss")
b.close()
