/** The page's only style: light, printable, no font or file of elsewhere. Colours pass 4.5:1 on white as text, 3:1 as graphics. */
export const style = `
:root{--ink:#1f2933;--quiet:#52606d;--line:#d9dfe4;--soft:#f5f7f8;--blue:#0072b2;--good:#00664a;--open:#8a5300;--bad:#b03a00}
*{box-sizing:border-box}
html{scroll-behavior:smooth;-webkit-text-size-adjust:100%}
body{margin:0;color:var(--ink);background:#fff;font:16px/1.6 Charter,"Bitstream Charter","Sitka Text",Cambria,Georgia,"Times New Roman",serif}
.page{display:grid;grid-template-columns:17rem minmax(0,46rem);column-gap:4rem;max-width:70rem;margin:0 auto;padding:2.5rem 1.5rem 6rem}
main{display:contents}
.first,.chapters{grid-column:2;min-width:0}
nav{grid-column:1;grid-row:1/span 2;position:sticky;top:1.5rem;align-self:start;max-height:calc(100vh - 3rem);overflow:auto;font:14px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif}
nav h2{margin:0 0 .75rem;font-size:.8rem;letter-spacing:.06em;text-transform:uppercase;color:var(--quiet);border:0;padding:0}
nav ol{margin:0;padding:0 0 0 1.6rem}
nav li{margin:.4rem 0;color:var(--quiet)}
a{color:var(--blue);text-underline-offset:.15em}
nav a{color:var(--ink);text-decoration:none}
nav a:hover,nav a:focus{text-decoration:underline}
.kicker{margin:0;font:600 13px/1.4 system-ui,sans-serif;letter-spacing:.05em;color:var(--quiet)}
h1,h2,h3{overflow-wrap:anywhere}
h1{margin:.35rem 0 1rem;font-size:2.3rem;line-height:1.15;font-weight:700;letter-spacing:-.01em}
h2{margin:3.5rem 0 1rem;padding-top:1rem;border-top:2px solid var(--ink);font-size:1.55rem;line-height:1.25}
h2,figure{scroll-margin-top:1rem}
h3{margin:2.25rem 0 .75rem;font-size:1.1rem;line-height:1.35}
p{margin:.75rem 0}
.lead{font-size:1.1rem}
.warning{padding:.75rem 1rem;border:2px solid var(--bad);color:var(--bad);font-weight:700}
.claim{margin:.85rem 0;padding:.15rem 0 .15rem 1rem;border-left:4px solid var(--line)}
.claim.good{border-color:var(--good)}.claim.open{border-color:var(--open)}.claim.bad{border-color:var(--bad)}
.sign{display:inline-block;min-width:1.35em;font-weight:700;font-family:system-ui,sans-serif}
.sign.good{color:var(--good)}.sign.open{color:var(--open)}.sign.bad{color:var(--bad)}
.figures{display:grid;grid-template-columns:repeat(3,1fr);gap:1px;margin:2rem 0;background:var(--line);border:1px solid var(--line)}
.figures div{padding:.9rem 1rem;background:#fff}
.figures dt{font:13px/1.3 system-ui,sans-serif;color:var(--quiet)}
.figures dd{margin:.2rem 0 0}
.figures strong{display:block;font:700 1.6rem/1.2 system-ui,sans-serif;font-variant-numeric:tabular-nums}
.figures span{font:13px/1.4 system-ui,sans-serif;color:var(--quiet)}
figure{margin:1.5rem 0 2.5rem}
figure h3{margin-bottom:.25rem}
.plots svg{display:block;width:100%;height:auto}
.plots.grid{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:1.5rem 1rem}
.plot{min-width:0}
.plot-title{margin:0 0 .25rem;font:600 13px/1.3 system-ui,sans-serif}
.legend{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;margin:.5rem 0;padding:0;list-style:none;font:13px/1.4 system-ui,sans-serif}
.legend svg{display:inline-block;width:28px;height:10px;vertical-align:middle}
figcaption{margin:.5rem 0 1rem;font:13px/1.5 system-ui,sans-serif;color:var(--quiet)}
.scroll{overflow-x:auto;margin:1rem 0 1.5rem}
.scroll:focus-visible,a:focus-visible{outline:3px solid var(--blue);outline-offset:2px}
table{min-width:60%;max-width:100%;border-collapse:collapse;font:13.5px/1.4 system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif;font-variant-numeric:tabular-nums}
caption{padding:.25rem 0 .5rem;text-align:left;font-weight:600}
th,td{padding:.35rem .6rem .35rem 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
thead th{border-bottom:2px solid var(--ink);vertical-align:bottom;font-weight:600}
tbody th{font-weight:400}
.number{text-align:right;padding-left:.6rem}
th:last-child,td:last-child{padding-right:0}
.checks td:nth-child(2),.checks td:nth-child(3){white-space:nowrap}
footer{margin-top:4rem;padding-top:1rem;border-top:1px solid var(--line);font:13px/1.5 system-ui,sans-serif;color:var(--quiet)}
@media (max-width:60rem){.page{display:block;padding:1.5rem 1rem 4rem}nav{position:static;max-height:none;margin:2rem 0}}
@media (max-width:34rem){tbody th{min-width:8.5rem}.checks td:nth-child(n){white-space:normal}.figures{grid-template-columns:1fr 1fr}.plots.grid{grid-template-columns:1fr}h1{font-size:1.8rem}}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
@page{size:A4;margin:18mm 16mm 20mm}
@media print{
body{font-size:10pt;line-height:1.45}
.page{display:block;max-width:none;padding:0}
nav{position:static;max-height:none;overflow:visible;break-before:page}
nav a{color:var(--ink)}
a{color:inherit;text-decoration:none}
h1{font-size:22pt}h2{font-size:15pt;margin-top:0}h3{font-size:11pt}
.chapter{break-before:page}
.first section h2{margin-top:1.2rem;font-size:13pt}
.figures strong{font-size:14pt}
h2,h3,caption,thead{break-after:avoid}
.plots,.claim,tr,dl div{break-inside:avoid}
.scroll{overflow:visible}
table{font-size:7.5pt}
th,td{padding:.2rem .35rem .2rem 0}
tbody th{min-width:0}
.checks td:nth-child(n){white-space:normal}
thead{display:table-header-group}
figcaption,.legend,.plot-title{font-size:8pt}
}
`;
